from datetime import timedelta
from tests.journeys.test_check_ins import *
import asyncio
from tests.journeys import test_zz_scratch
show_ = test_zz_scratch.show
from tests.test_cli import run
def show(stage, *n): show_(stage, *n)
from tests.stage import CALM

TEAMFILE = """# Who we are
- name: Tove Hansen
  handle: tove
- name: Grace Lee
  handle: grace
- name: Mary Long
  handle: "@mary"
- name: Ada
  handle: ada
"""
STEP2 = """
language: en
people: {maintainers: [grace]}
team:
  files: [{repo: team-compass, path: docs/team.yaml}]
"""
STEP3 = STEP2 + "  place: team-private\n"
STEP5 = STEP3 + """
check_ins:
  mode: on
  hand_to: [ada]     # who agreed to talk with those who do not answer
farewell: {mode: on}
thanks: {mode: on}
returns: {mode: on}
succession: {mode: on}
"""

def before(world, cast):
    world.repository(cast.organisation, ".github")
    compass = world.repository(cast.organisation, "team-compass")
    world.write_file(compass, "docs/team.yaml", TEAMFILE, by=cast.grace)
    for name in ("tove", "mary", "rosa"):
        world.add_member(cast.organisation, world.user(name))

async def test_admin(play, database_url, tmp_path):
    stage, cast = await play(CALM, before=before, reads_config=True, live=False, config="")
    gh = stage.world.find_repo("alpine-tools/.github")
    async def cli(*args):
        r = await asyncio.to_thread(run, *args, DATABASE_URL=database_url)
        print(f"\n$ python -m bot {' '.join(args)}  -> {r.exit_code}\n{r.stdout}{r.stderr}")
    async def all_cli():
        await cli("check-ins"); await cli("explain", "@tove"); await cli("explain", "@rosa"); await cli("explain", "@grace"); await cli("explain", "@nobody"); await cli("succession", "alpine-tools"); await cli("doctor")
    def conf(text):
        stage.world.write_file(gh, ".github/switchback.yml", text, by=cast.grace)
    await were_there(stage, cast, "tove", "mary", "rosa")
    await did_less(stage, cast, "mary")
    await stage.settle()
    await days_pass(stage, 2)
    print("######### nothing configured"); await all_cli()
    conf(STEP2); await stage.settle(); await days_pass(stage, 4)
    print("######### step 2"); await all_cli()
    priv = stage.world.repository(cast.organisation, "team-private", private=True)
    conf(STEP3); await stage.settle(); await days_pass(stage, 4)
    print("######### step 3"); await all_cli()
    conf(STEP5); await stage.settle(); await days_pass(stage, 12)
    print("######### step 5"); await all_cli(); show(stage, "team-private", ".github")
    stage.world.comment(cast.huts.threads[1], by=account(stage, "tove"), body="/stepping-down")
    await stage.settle(); await days_pass(stage, 2)
    await all_cli(); show(stage, "team-private", ".github")
