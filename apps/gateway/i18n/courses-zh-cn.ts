/** Why an act on a prepaid course, or on the contracts of a school that has failed, was refused; and what to do. */
export const coursesZhCN = {
  COURSE_NOT_FOUND: '未找到该课程。',
  COURSE_WITHDRAWN: '该课程已停止报名，请选择其他课程。',
  INVALID_COURSE:
    '课程信息有误：名称与科目必填，每课时 10 至 480 分钟，课时包为 12、24 或 48 课时且有价格，主管机构须为平台上的其他机构。',
  PACKAGE_NOT_FOUND: '该课程没有这种课时包，请重新选择。',
  COURSE_ORDER_NOT_FOUND: '未找到该课程订单。',
  COURSE_ORDER_ENDED: '该课程订单已退课或已结束。',
  LESSON_NOT_FOUND: '没有该课时，或尚未排课。请先排课。',
  LESSON_ALREADY_DELIVERED: '该课时已上课，不能再更改。',
  LESSON_MISSED: '该课时已记为缺课，请先安排补课时间。',
  LESSON_NOT_BEGUN: '该课时尚未开始，请在上课后再操作。',
  TOO_MANY_LESSONS: '课时数过多：超出未排课的课时，或一次超过 200 课时。请减少后重试。',
  INVALID_LESSON_TIME: '上课时间有误：须在将来、在订单有效期内，且不得与其他课时重叠。',
  PRICE_PROPOSED: '已有价格变更待对方确认，请等待确认或先撤回。',
  PRICE_NOT_PROPOSED: '没有待确认的价格变更。',
  NOTHING_TO_REFUND: '该机构没有您可以处理的有效合约。',
} as const;
