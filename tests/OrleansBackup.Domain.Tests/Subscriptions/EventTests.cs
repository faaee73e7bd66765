using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;

namespace OrleansBackup.Domain.Tests.Subscriptions;

public sealed class EventTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-03-14T12:00:00Z");
    private static readonly TenantId Tenant = new(Guid.Parse("11111111-1111-1111-1111-111111111111"));

    [Fact]
    public void Every_kind_stands_in_the_catalogue_once_in_words_of_both_languages()
    {
        Assert.Equal(Enum.GetValues<EventKind>().Order(), EventCatalogue.All.Select(description => description.Kind).Order());
        Assert.All(EventCatalogue.All, description => Assert.All([description.Title, description.Meaning], words =>
        {
            Assert.False(string.IsNullOrWhiteSpace(words.Nl));
            Assert.False(string.IsNullOrWhiteSpace(words.En));
            Assert.NotEqual(words.Nl, words.En);
        }));
    }

    [Fact]
    public void The_same_happening_has_the_same_id_in_every_process_and_another_has_another()
    {
        Assert.Equal(Event("1").Id, (Event("1") with { OccurredAt = Noon.AddHours(1) }).Id);
        Assert.Equal(8, Event("1").Id.Version);
        Assert.NotEqual(Event("1").Id, Event("2").Id);
        Assert.NotEqual(Event("1").Id, ServiceEvent.Of(EventKind.RestoreEnded, Tenant, "1", Noon, "").Id);
        Assert.NotEqual(Event("1").Id, ServiceEvent.Of(EventKind.RunFailed, null, "1", Noon, "").Id);
    }

    [Fact]
    public void A_delivery_is_tried_with_growing_pauses_for_a_day_and_then_given_up()
    {
        var (delivery, now, pauses) = (new EventDelivery(Guid.Empty, 1, Event("1"), Noon, Noon), Noon, new List<TimeSpan>());
        while (delivery.IsOpen)
        {
            delivery = delivery.AfterFailure("Away.", 503, isTransient: true, now);
            pauses.Add(delivery.NextAt - now);
            now = delivery.NextAt;
        }
        Assert.Equal(EventDeliveryState.GivenUp, delivery.State);
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses.SkipLast(1).Aggregate(TimeSpan.Zero, (all, one) => all + one), TimeSpan.FromHours(22), TimeSpan.FromHours(24));
        Assert.Equal(delivery.AttemptCount, pauses.Count);
        delivery = delivery.Again(now);
        Assert.Equal((EventDeliveryState.Pending, now, 0), (delivery.State, delivery.NextAt, delivery.Failures));
        Assert.True(delivery.AfterFailure("Away.", null, isTransient: true, now).IsOpen);
        Assert.Equal(EventDeliveryState.GivenUp, delivery.AfterFailure("Gone.", 410, isTransient: false, now).State);
        Assert.Equal((EventDeliveryState.Delivered, 204), (delivery.AfterSuccess(204, now).State, delivery.AfterSuccess(204, now).Attempts[^1].Status));
    }

    [Fact]
    public void Of_many_attempts_the_newest_are_kept_and_all_are_counted()
    {
        var delivery = new EventDelivery(Guid.Empty, 1, Event("1"), Noon, Noon);
        for (var attempt = 1; attempt <= 50; attempt++)
            delivery = delivery.AfterFailure($"{attempt}", null, isTransient: true, Noon);
        Assert.Equal((50, EventDelivery.AttemptsKept, "50"), (delivery.AttemptCount, delivery.Attempts.Length, delivery.Attempts[^1].Problem));
    }

    [Fact]
    public void A_tenant_hears_of_nothing_that_is_the_providers()
    {
        var settings = new SubscriptionSettings("x", NoticeChannel.Webhook, "https://a.nl", [EventKind.RunFailed, EventKind.CheckDue], NoticeLanguage.Nl, true);
        Assert.Equal("kinds", settings.Problem(ofTenant: true)?.Field);
        Assert.Null(settings.Problem(ofTenant: false));
        Assert.Equal("kinds", (settings with { Kinds = [] }).Problem(false)?.Field);
        Assert.Equal("kinds", (settings with { Kinds = [EventKind.Test] }).Problem(false)?.Field);
        Assert.False((settings with { Enabled = false }).Hears(EventKind.RunFailed));
    }

    [Theory]
    [InlineData(AuditActs.Destroyed, AuditActs.Service, EventKind.DestructionEnded)]
    [InlineData(AuditActs.Rehearsed, AuditActs.Service, EventKind.RehearsalEnded)]
    [InlineData(AuditActs.Erased, AuditActs.Service, EventKind.ErasureEnded)]
    [InlineData(AuditActs.Exported, AuditActs.Service, EventKind.ExportEnded)]
    [InlineData(AuditActs.Propose, "somebody", EventKind.ConfirmationWanted)]
    [InlineData(AuditActs.Move, AuditActs.Service, EventKind.MoveEnded)]
    [InlineData(AuditActs.RotateKey, AuditActs.Service, EventKind.ProviderJobEnded)]
    [InlineData(AuditActs.CreateKey, "somebody", EventKind.KeyChanged)]
    [InlineData(AuditActs.SignInFailed, "somebody", EventKind.SignIn)]
    [InlineData(AuditActs.SignOut, "somebody", EventKind.SignIn)]
    [InlineData(AuditActs.Move, "somebody", null)] // it was ordered, not ended
    [InlineData(AuditActs.ReadContent, "somebody", null)]
    public void Ends_of_jobs_and_what_happens_to_keys_are_read_from_the_audit_book(string act, string actor, EventKind? kind)
    {
        var entry = AuditChain.Next("provider", new AuditEnd(4, AuditEntry.NothingBefore), Noon, actor, act, "x", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("objects", "3").Add("asked", "a body").Add("act", "a fact").Add("actor", "a fact"));
        var happened = AuditedEvents.Of(Tenant, entry);
        Assert.Equal(kind, happened?.Kind);
        if (happened is not null)
            Assert.Equal(("3", act, actor, false), (happened.Facts["objects"], happened.Facts["act"], happened.Facts["actor"], happened.Facts.ContainsKey("asked")));
    }

    [Fact]
    public void A_mail_names_the_kind_the_customer_and_the_facts_in_one_language()
    {
        var (nl, en) = (EventText.Of(Event("1"), NoticeLanguage.Nl, "Bakkerij\r\nBcc: x"), EventText.Of(Event("1"), NoticeLanguage.En, null));
        Assert.Equal("Een back-up is mislukt: Bakkerij Bcc: x", nl.Subject);
        Assert.Contains("resource: mailbox-1", en.AsPlain(), StringComparison.Ordinal);
        Assert.StartsWith("A backup run failed.", en.AsPlain(), StringComparison.Ordinal);
    }

    private static ServiceEvent Event(string key) => ServiceEvent.Of(EventKind.RunFailed, Tenant, key, Noon, "runs/1", ("resource", "mailbox-1"));
}
