"""The core's pages, one blueprint a file."""

from elearn.web.views import account, catalogue, files, health, help, home, jobs, learn, people, sign_in, site, units, work

BLUEPRINTS = (
    home.blueprint,
    catalogue.blueprint,
    learn.blueprint,
    sign_in.blueprint,
    account.blueprint,
    files.blueprint,
    work.blueprint,
    people.blueprint,
    units.blueprint,
    site.blueprint,
    jobs.blueprint,
    help.blueprint,
    health.blueprint,
)
