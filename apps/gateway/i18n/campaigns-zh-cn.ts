/** Why an act on a campaign or a voucher was refused; and what to do. */
export const campaignsZhCN = {
  INVALID_CAMPAIGN: '活动设置有误，请按提示修改后重试。',
  CAMPAIGN_NOT_FOUND: '未找到该活动。',
  CAMPAIGN_SPONSORED: '该活动已由您确认出资，退款钱包不能再更换。',
  CAMPAIGN_ENDED: '该活动已结束。',
  CAMPAIGN_NOT_OPEN: '报名尚未开始，请留意活动时间。',
  CAMPAIGN_FULL: '报名人数已达上限。',
  SIGN_UP_CLOSED: '报名已截止，请等待开奖或参加其他活动。',
  ALREADY_SIGNED_UP: '您已报名，每人限报一次。',
  NOT_ELIGIBLE: '出资方及主办方、参与商户的工作人员不能参加该活动。',
  VOUCHER_NOT_FOUND: '未找到该消费券或红包。',
  VOUCHER_NOT_READY: '消费券正在发放，请稍后再试。',
  VOUCHER_EXPIRED: '该消费券已过期，未用金额已退回出资方。',
  OWN_MERCHANT: '不能在您任职的商户使用消费券。',
} as const;
