// Reads calendars with one of the JavaScript engines: `node read.mjs ENGINE`, a question as JSON on standard input.
// {ics, from, to} asks for what takes place between two moments; [{zone, at}] for offsets at wall-clock times, which
// are given in seconds as if they were UTC. Answers are JSON: [start, end, cancelled] in seconds, or seconds.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const seconds = (date) => date.getTime() / 1000;
const compare = (one, other) => one[0] - other[0];

function* withIcalJs({ ics, from, to }) {
  const calendar = new ICAL.Component(ICAL.parse(ics));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const components = calendar.getAllSubcomponents("vevent");
  const overrides = components.filter((each) => each.hasProperty("recurrence-id"));
  for (const component of components) {
    if (overrides.includes(component)) continue;
    const uid = component.getFirstPropertyValue("uid");
    const exceptions = overrides.filter((each) => each.getFirstPropertyValue("uid") === uid);
    const event = new ICAL.Event(component, { exceptions, strictExceptions: true });
    const starts = event.iterator();
    for (let start = starts.next(); start && start.toUnixTime() < to; start = starts.next()) {
      const { item, startDate, endDate } = event.getOccurrenceDetails(start);
      const cancelled = item.component.getFirstPropertyValue("status") === "CANCELLED";
      if (!startDate.isDate && startDate.toUnixTime() >= from)
        yield [startDate.toUnixTime(), endDate.toUnixTime(), cancelled];
    }
  }
}

function* withNodeIcal({ ics, from, to }) {
  const window = { from: new Date(from * 1000), to: new Date(to * 1000) };
  for (const event of Object.values(nodeIcal.sync.parseICS(ics))) {
    if (event.type !== "VEVENT") continue;
    for (const each of nodeIcal.expandRecurringEvent(event, window))
      if (!each.isFullDay) yield [seconds(each.start), seconds(each.end), each.event.status === "CANCELLED"];
  }
}

function offsetsByIcalJs({ zone, at }) {
  const timezone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(zone)));
  return at.map((wall) => timezone.utcOffset(clockAt(wall)));
}

// ical.js reads six fields off a time to find its place among a zone's changes, and building its own is slow.
function clockAt(wall) {
  const date = new Date(wall * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

const engines = { "ical.js": withIcalJs, "node-ical": withNodeIcal };
const question = JSON.parse(readFileSync(0, "utf8"));
const answer = Array.isArray(question)
  ? question.map(offsetsByIcalJs)
  : [...engines[process.argv[2]](question)].sort(compare);
process.stdout.write(JSON.stringify(answer));
