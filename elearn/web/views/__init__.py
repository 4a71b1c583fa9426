"""The core's pages, one blueprint a file."""

from elearn.web.views import account, catalogue, files, health, help, home, jobs, learn, sign_in, work

BLUEPRINTS = (
    home.blueprint,
    catalogue.blueprint,
    learn.blueprint,
    sign_in.blueprint,
    account.blueprint,
    files.blueprint,
    work.blueprint,
    jobs.blueprint,
    help.blueprint,
    health.blueprint,
)
