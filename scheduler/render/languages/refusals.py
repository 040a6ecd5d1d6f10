"""Why something that people send by a form is not taken, and the way out, as use cases tell it: in English, since what
they do is put on record.

A page tells it by recognising the sentence, as it does with what is on record (`on_record`); what a form itself finds
wrong is marked where it stands. What only operators can do, or whoever writes definitions, is told in English.
"""

from .speech import sentence

REFUSALS = (
    # texts and numbers
    sentence("it is empty"),
    sentence("write a few words"),
    sentence("it has %(count)s characters"),
    sentence("%(count)s are the most"),
    sentence("it holds control characters, or bytes that are no UTF-8"),
    sentence("type it again as plain text"),
    sentence("%(words)s is not a number"),
    sentence("write it with the digits 0 to 9, like 1000 or 0.31"),
    sentence('"%(words)s" can be read in two ways, as %(one)s or as %(other)s'),
    sentence(
        "write %(one)s or %(other)s, or say once how you write numbers, "
        "under numbers: beside your name in the definition"
    ),
    sentence("write one from 1 to %(count)s"),
    # KPIs
    sentence("a promise without a day is none"),
    sentence("name the day by which it will be reported"),
    sentence("%(date)s is past, so nothing would be held"),
    sentence("name a day to come"),
    sentence("%(date)s is more than %(count)s days away, too far for a promise"),
    sentence("name a day until %(date)s, or have it excused"),
    # absences
    sentence("%(date)s is past"),
    sentence("an absence is said from today on; what was, stays"),
    sentence("%(date)s is more than ten years away"),
    sentence("say it once it is nearer"),
    # terms and documents of the agreement
    sentence("%(iso)s has not come yet"),
    sentence("%(iso)s is no later than %(last_iso)s, on which it ends anyway"),
    # reviews and their agendas
    sentence("This review is over, or is not held"),
    sentence("there is nothing to answer any more"),
    sentence("The review was changed since you looked"),
    sentence("look at it again, then answer"),
    sentence("%(person)s is not invited to it"),
    sentence("ask whoever owns its agenda"),
    sentence("This time is past"),
    sentence("propose one that is to come"),
    sentence("%(person)s cannot come instead"),
    sentence("name somebody of your own side"),
    sentence("an item is a line of up to 200 characters"),
    sentence("what more there is to say belongs into a paper"),
    sentence("ask the agenda owner, or raise it at the meeting"),
    sentence("%(day)s is still to come"),
    sentence("say so once it is done"),
    sentence("name the day on which it was held"),
    sentence("name the day on which it was decided"),
    sentence("name a moment to come"),
    sentence("nothing was changed"),
    sentence("check the year"),
    sentence("say of each person once whether they were there"),
    # actions, disputes, objections
    sentence("%(person)s has left"),
    sentence("hand it to somebody who is there"),
    sentence("that is a reading of their own side"),
    sentence("raise it at the next meeting"),
    # calendars
    sentence("You have %(count)s subscriptions"),
    # codes and links
    sentence("This cannot be confirmed here: no letter with a code can be sent, because no mail server is set"),
    sentence("ask whoever runs this program to record it for you"),
    sentence("%(count)s codes were asked for within an hour"),
    sentence("use the last one, or wait an hour before you ask again"),
    sentence("The mail server did not take the letter with the code"),
    sentence("try again in some minutes, or ask your alliance manager"),
    sentence("ask your alliance manager"),
    sentence("The code is no longer good, or was for something else"),
    sentence("ask for a new one"),
    sentence("%(count)s codes that were not it have been typed"),
    sentence("The code was used before"),
    sentence("This is not the code that was sent"),
    sentence("type the eight digits of the last letter"),
    sentence("Nothing is asked of you at the moment"),
    # answers by mail
    sentence("it says nothing"),
    sentence("it names no day"),
    sentence("it gives no reason"),
    sentence("no minutes are attached"),
    sentence('"%(words)s" does not say whether it is met'),
    sentence('"%(words)s" does not say whether it was held'),
    sentence('"%(words)s" does not say that it is done'),
    sentence('"%(words)s" is no verdict'),
    sentence('"%(words)s" is about a number'),
    sentence('"%(words)s" begins with no number'),
    sentence('"%(words)s" may be more than a number'),
    sentence('"%(words)s" may be more than one number'),
    sentence('"%(words)s" may be today or a week from now'),
    sentence('"%(words)s" can be read as two dates'),
    sentence('"%(words)s" is no day'),
    sentence("name the day like 4 Dec, or 2026-12-04"),
    sentence('answer "no: because …": all partners read the reason'),
    sentence("%(amount)s is an amount, and its unit is another"),
    sentence("answer with the number itself, like 42"),
    sentence("answer with the number alone, written out, and the remark on a line of its own"),
    sentence('answer with the number alone, like 42; or "later 4 Dec, because …"; or "excuse, because …"'),
    sentence('answer "met" or "missed"; or "later 4 Dec, because …"; or "excuse, because …"'),
    sentence('answer "held", or "no: because …"'),
    sentence("send the minutes as an attached file: Word (.docx), text (.md, .txt) or a web page (.html)"),
    sentence('answer "yes", "no" or "partly", with the evidence behind it'),
    sentence('answer "done", or "later 4 Dec"'),
    sentence('answer "done"'),
    sentence('answer "later 4 Dec, because …"'),
    sentence('answer "later 4 Dec, because …": all partners read the reason'),
    sentence('answer "excuse until 4 Dec, because …"'),
    sentence('answer "excuse, because …": all partners read the reason'),
    sentence("you hear when something is"),
)
