"""An effect in other terms: risks per 1,000 people, numbers needed to treat, familiar scales."""
