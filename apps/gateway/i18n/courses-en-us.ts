/** Why an act on a prepaid course, or on the contracts of a school that has failed, was refused; and what to do. */
export const coursesEnUS = {
  COURSE_NOT_FOUND: 'There is no such course.',
  COURSE_WITHDRAWN: 'The course takes no more orders. Please choose another one.',
  INVALID_COURSE:
    'The course cannot be offered like this: it needs a name, a subject, lessons of 10 to 480 minutes, packages of 12, 24 or 48 lessons with a price, and another organisation of the platform as its authority.',
  PACKAGE_NOT_FOUND: 'The course is not sold with so many lessons. Please choose a package.',
  COURSE_ORDER_NOT_FOUND: 'There is no such course order.',
  COURSE_ORDER_ENDED: 'The order was withdrawn or has ended.',
  LESSON_NOT_FOUND: 'There is no such lesson, or it has no time yet. Schedule it first.',
  LESSON_ALREADY_DELIVERED: 'The lesson was given already and cannot be changed.',
  LESSON_MISSED: 'The lesson was missed. Give it another time first.',
  LESSON_NOT_BEGUN: 'The lesson has not begun yet. Come back when it has.',
  TOO_MANY_LESSONS:
    'Too many lessons: more than are without a time, or more than 200 at once. Please name fewer.',
  INVALID_LESSON_TIME:
    'The time cannot be: a lesson lies ahead, within the order, and not at the time of another one.',
  PRICE_PROPOSED: 'Another price is waiting to be accepted. Wait for it, or take it back first.',
  PRICE_NOT_PROPOSED: 'No other price is waiting to be accepted.',
  NOTHING_TO_REFUND: 'The organisation has no live contract that you could wind up.',
} as const;
