using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Notices;

public sealed class NoticeScheduleTests
{
    private static readonly NoticeSchedule Schedule = new(ContractCalendar.Amsterdam);
    private static readonly TimeSpan Gather = TimeSpan.FromMinutes(15);

    [Theory]
    [InlineData("2026-03-14T08:00:00Z", "2026-03-14T08:15:00Z")]
    [InlineData("2026-03-14T22:20:00Z", "2026-03-14T22:35:00Z")]
    [InlineData("2026-03-14T22:40:00Z", "2026-03-14T22:40:00Z")] // 23:40 in Amsterdam: nothing is waited for any more
    [InlineData("2026-03-14T23:10:00Z", "2026-03-14T23:25:00Z")] // the next day has begun there
    [InlineData("2026-07-01T21:40:00Z", "2026-07-01T21:40:00Z")] // summer time
    public void What_is_found_is_told_after_a_while_but_on_the_day_of_finding(string found, string due) =>
        Assert.Equal(DateTimeOffset.Parse(due), Schedule.DueAt(DateTimeOffset.Parse(found), Gather));

    [Fact]
    public void A_notice_is_due_on_the_day_of_finding_at_every_minute_of_a_year_and_for_every_wait()
    {
        var from = DateTimeOffset.Parse("2026-01-01T00:00:00Z");
        for (var minute = 0; minute < 366 * 24 * 60; minute += 7)
            foreach (var gather in new[] { TimeSpan.Zero, Gather, TimeSpan.FromHours(12) })
            {
                var (found, calendar) = (from.AddMinutes(minute), ContractCalendar.Amsterdam);
                var due = Schedule.DueAt(found, gather);
                Assert.True(due >= found && calendar.DayOf(due) == calendar.DayOf(found), $"{found:u} {gather}");
            }
    }

    [Fact]
    public void What_is_found_joins_a_notice_that_waits_and_none_that_is_due_or_of_another_day()
    {
        var found = DateTimeOffset.Parse("2026-03-14T08:00:00Z");
        var waiting = new Notice(Guid.NewGuid(), NoticeKind.FoundUnprotected, "k", found, found + Gather, null);
        Assert.True(Schedule.MayJoin(waiting, found.AddMinutes(14)));
        Assert.False(Schedule.MayJoin(waiting, found.AddMinutes(15)));
        Assert.False(Schedule.MayJoin(waiting with { DueAt = found.AddDays(1) }, found.AddHours(20)));
    }

    [Fact]
    public void Deliveries_are_tried_ever_less_often_and_left_to_a_person_after_three_days()
    {
        var start = DateTimeOffset.Parse("2026-03-14T08:00:00Z");
        var (delivery, now) = (new NoticeDelivery(NoticeChannel.Mail, "a@b.nl", "A", NoticeLanguage.Nl, false, start, start), start);
        var waits = new List<TimeSpan>();
        while (delivery.State == DeliveryState.Open)
        {
            delivery = delivery.AfterFailure("away", isTransient: true, now);
            waits.Add(delivery.NextAt - now);
            now = delivery.NextAt;
        }
        Assert.Equal(new[] { 1, 5, 15, 45, 120, 120 }.Select(minutes => TimeSpan.FromMinutes(minutes)), waits.Take(6));
        Assert.Equal(DeliveryState.Failed, delivery.State);
        Assert.InRange(delivery.FailedAt!.Value - start, TimeSpan.FromDays(3), TimeSpan.FromDays(3.1));
        Assert.Equal(DeliveryState.Failed, delivery.Again(now).AfterFailure("gone", isTransient: false, now).State);
        Assert.Equal((DeliveryState.Open, now), (delivery.Again(now).State, delivery.Again(now).NextAt));
    }

    [Fact]
    public void A_copy_for_the_provider_is_no_notice_to_the_customer()
    {
        var now = DateTimeOffset.Parse("2026-03-14T08:00:00Z");
        var notice = new Notice(Guid.NewGuid(), NoticeKind.CriticalFault, "k", now, now, new("x", "x"));
        var mine = new NoticeDelivery(NoticeChannel.Mail, "a@b.nl", "A", NoticeLanguage.Nl, false, now, now);
        var copy = (mine with { IsCopy = true }).AfterSuccess(now);
        Assert.Equal(NoticeState.NobodyToTell, NoticeStates.Of(notice, [copy], now));
        Assert.Equal(NoticeState.Gathering, NoticeStates.Of(notice with { DueAt = now.AddMinutes(1) }, [], now));
        Assert.Equal(NoticeState.Sending, NoticeStates.Of(notice, [copy, mine], now));
        Assert.Equal(NoticeState.Sent, NoticeStates.Of(notice, [copy, mine.AfterSuccess(now)], now));
        var failed = mine.AfterFailure("no", isTransient: false, now);
        Assert.Equal(NoticeState.SentToSome, NoticeStates.Of(notice, [mine.AfterSuccess(now), failed], now));
        Assert.Equal(NoticeState.Failed, NoticeStates.Of(notice, [copy, failed], now));
        Assert.Equal([NoticeState.SentToSome, NoticeState.Failed, NoticeState.NobodyToTell], Enum.GetValues<NoticeState>().Where(state => state.NeedsAPerson()));
    }
}
