"""The companies as configured, without a process behind them."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import settings

from alliance.partners import PARTNERS_FILE, Partners, load_partners

# How long an example takes says more about the machine's other work than about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

ENVIRONMENT = {
    "CIGNA_BACKEND_URL": "http://cigna.test",
    "CIGNA_KEY_FILE": "cigna.pem",
    "CIGNA_WEBHOOK_SECRET": "cigna-webhook-test",
    "MVP_WEBHOOK_SECRET": "mvp-webhook-test",
    "PREFERRED_CARE_WEBHOOK_SECRET": "preferred-care-webhook-test",
    "MVP_BACKEND_URL": "http://mvp.test/",
    "MVP_CLIENT_SECRET": "mvp-test",
    "PREFERRED_CARE_BACKEND_URL": "http://preferred-care.test",
    "PREFERRED_CARE_CLIENT_SECRET": "preferred-care-test",
}


@pytest.fixture(scope="session")
def document() -> Any:
    """The real partners.yml, parsed."""
    return yaml.safe_load(PARTNERS_FILE.read_text("utf-8"))


@pytest.fixture(scope="session")
def partners(document: Any) -> Partners:
    return load_partners(document, ENVIRONMENT)
