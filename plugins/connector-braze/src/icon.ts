/** The picture of the marketplace: a message in its bubble. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="7" fill="#3d2b72"/>
  <path d="M8 9h16v11H15l-4 4v-4H8z" fill="#ffa524"/>
  <path d="M11 13h10M11 16h7" stroke="#3d2b72" stroke-width="1.5" stroke-linecap="round"/>
</svg>`
