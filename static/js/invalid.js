// After an error the focus is in the first field that needs a change.
document.querySelector("[aria-invalid='true']")?.focus();
