/** The interface speaks English; day before month, as most of the world writes it. */
export const locale = 'en-GB';
