<?php
// Reads calendars with sabre/vobject, the engine of sabre/dav and, in part, of Nextcloud; a question as JSON on standard
// input: {ics, from, to} asks for what takes place between two moments, as in `read.mjs`.

error_reporting(E_ALL & ~E_DEPRECATED);
set_include_path('/usr/share/php');
require 'Sabre/VObject/autoload.php';

$question = json_decode(stream_get_contents(STDIN), true);
$calendar = Sabre\VObject\Reader::read($question['ics']);
$calendar->expand(new DateTime("@{$question['from']}"), new DateTime("@{$question['to']}"));
$found = [];
foreach ($calendar->select('VEVENT') as $event) {
    if (!$event->DTSTART->hasTime()) {
        continue;
    }
    $times = array_map(fn ($name) => $event->$name->getDateTime()->getTimestamp(), ['DTSTART', 'DTEND']);
    $found[] = [...$times, (string) $event->STATUS === 'CANCELLED'];
}
sort($found);
echo json_encode($found);
