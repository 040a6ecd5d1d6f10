#!/usr/bin/env bash
# The life of which database.sql.gz is the record: five months of two partnerships, one cycle each day at 15:00 UTC+1
# (working hours in Berlin and in Detroit), and what people said in between. Usage: life.sh FOLDER, one that is empty; CADENCE is the program.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd) folder=$1
mkdir -p "$folder/partnerships"; cp "$here/cadence.yaml" "$folder/"; cp "$here"/partnerships/*.yaml "$folder/partnerships/"
at() { local now=$1; shift; "$CADENCE" --config "$folder/cadence.yaml" --now "$now" "$@"; }
days() { # FIRST LAST, both included
  local day=$1
  while [[ ! $day > $2 ]]; do at "${day}T15:00+01:00" once >/dev/null || true; day=$(date -d "$day + 1 day" +%F); done; }

sed -i '/uwe, deputy: ines/s/<= 92/<= 95/' "$folder/partnerships/acme-globex.yaml"   # mended in January
days 2026-10-01 2026-11-10
at 2026-11-10T15:10+01:00 kpi report acme-globex/cells-delivered 96000 --by tom
at 2026-11-10T15:11+01:00 kpi report acme-globex/defect-rate 22 --by karl
at 2026-11-10T15:12+01:00 kpi report acme-globex/defect-rate 2.2 --period 2026-10 --by karl --note "a slip of the pen"
at 2026-11-10T15:13+01:00 kpi report acme-globex/landed-cost 94.10 --by uwe
for period in 2026-07 2026-08 2026-09 2026-10; do at 2026-11-10T15:15+01:00 kpi report nord-sol/leads 44 --period $period --by liv; done
days 2026-11-11 2026-12-04
printf '# Minutes\n\n## Decisions\n\n- Two shifts from January\n\n## Actions\n\n- Dev: send the drawings, due 15 Dec 2026\n- Karl: compare both scales, due 29 Jan 2027\n' > "$folder/minutes.md"
review=$(at 2026-12-04T15:05+01:00 reviews --partnership acme-globex --json | grep -o '"id": "acme-globex/pipeline/2026-W4[0-9]"' | tail -1 | cut -d'"' -f4)
at 2026-12-04T15:10+01:00 review hold "$review" --minutes "$folder/minutes.md" --by ines
days 2026-12-05 2026-12-10
at 2026-12-10T15:10+01:00 kpi report acme-globex/cells-delivered 91000 --by tom
at 2026-12-10T15:11+01:00 kpi report acme-globex/defect-rate 2.1 --by karl
at 2026-12-10T15:12+01:00 kpi excuse acme-globex/landed-cost --because "the plant was closed for the refit" --by ines
at 2026-12-10T15:13+01:00 kpi report nord-sol/leads 46 --by liv
days 2026-12-11 2027-01-13
at 2027-01-13T15:05+01:00 checkpoint judge acme-globex dashboards met --evidence "seen in the steering" --by dev || true
at 2027-01-13T15:10+01:00 kpi report acme-globex/cells-delivered 88000 --by june
at 2027-01-13T15:11+01:00 kpi report acme-globex/defect-rate 2.4 --by karl
at 2027-01-13T15:12+01:00 kpi report acme-globex/landed-cost 93.00 --by uwe
days 2027-01-14 2027-01-20
cp "$here/partnerships/acme-globex.yaml" "$folder/partnerships/"
days 2027-01-21 2027-02-11
at 2027-02-11T15:10+01:00 kpi report acme-globex/cells-delivered 104000 --by tom
at 2027-02-11T15:12+01:00 kpi acknowledge acme-globex/landed-cost --until 2027-02-19 --because "the invoices are late" --by uwe
days 2027-02-12 2027-03-08
