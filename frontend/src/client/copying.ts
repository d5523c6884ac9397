// A button that copies the text beside it; it is there only where it works.
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  const text = document.getElementById(button.dataset['copy'] ?? '')?.textContent ?? '';
  const status = button.parentElement?.querySelector('[role=status]');
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(text.trim()).then(
      () => {
        if (status) status.textContent = button.dataset['copied'] ?? '';
      },
      () => {
        button.hidden = true;
      },
    );
  });
}

export {};
