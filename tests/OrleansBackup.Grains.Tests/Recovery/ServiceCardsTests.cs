using System.Text.Json;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Recovery;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Recovery;

/// <summary>Cards are stored: what was written once is read for ever.</summary>
public sealed class ServiceCardsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    private const string TenantText =
        """{"name":"Müller","clientId":"app","wrappedSecret":"AQ==","onboardedAt":"2026-03-14T12:00:00+00:00","scope":{"mode":"everything","selected":[],"excluded":["a"],"hiddenFolders":true},"retention":{"calendarMonths":2,"legalHold":false,"keep":{"weeks":4,"months":0,"years":1}},"window":{"start":"20:00:00","length":"08:00:00"},"countries":["NL"]}""";

    private const string ResourceText =
        """{"objectId":"A-1","displayName":"Robin","address":"robin@example.com","protected":false,"reason":"Gone.","retention":{"days":90,"legalHold":false,"keep":{"weeks":0,"months":0,"years":0}},"window":{"start":"20:00:00","length":"08:00:00"},"hiddenFolders":true,"hold":{"placed":{"who":"kim","why":"Court","at":"2026-03-14T12:00:00+00:00"}},"brake":{"since":"2026-03-14T12:00:00+00:00","point":7,"reasons":["Much."],"releasedPoint":0}}""";

    private static TenantCard Tenant => new("Müller", "app", "AQ==", Noon, ProtectionScope.Everything with { Excluded = ["a"] },
        RetentionRule.OfCalendarMonths(2) with { Keep = new KeepRules(4, 0, 1) }, BackupWindow.Default, ["NL"]);

    [Fact]
    public void A_card_is_written_as_it_always_was()
    {
        // What a later release adds stands behind what was there; the text itself is never renewed.
        Assert.Equal(TenantText.Replace("\"hiddenFolders\":true}", "\"hiddenFolders\":true,\"kinds\":{},\"excludedPurposes\":[]}", StringComparison.Ordinal), ServiceCards.Write(Tenant));
        Assert.Equal(ResourceText, ServiceCards.Write(new ResourceCard("A-1", "Robin", "robin@example.com", false, "Gone.", RetentionRule.OfDays(90), BackupWindow.Default, true,
            new LegalHoldRecord(new PersonsDecision("kim", "Court", Noon), null), new BrakeRecord(Noon, 7, ["Much."], null, 0))));
    }

    [Fact]
    public void A_card_of_before_is_read()
    {
        var tenant = ServiceCards.Read<TenantCard>(TenantText);
        Assert.Equal(Tenant with { Scope = null, Countries = [] }, tenant with { Scope = null, Countries = [] });
        Assert.Equal(["a"], tenant.Scope!.Excluded);
        Assert.Equal("NL", Assert.Single(tenant.Countries));
        var resource = ServiceCards.Read<ResourceCard>(ResourceText);
        Assert.True(resource.Hold!.Stands && resource.Brake!.IsOn);
        Assert.Equal(ResourceText, ServiceCards.Write(resource));
    }

    [Fact]
    public void Whom_notices_go_to_stands_on_the_card_and_a_card_of_before_names_nobody()
    {
        var told = new NoticeAddresses([new Contact("Kim", "kim@example.com", NoticeLanguage.Nl, [NoticeKind.CriticalFault], [ContactAuthority.RequestRestore])],
            [new WebhookAddress(Guid.Parse("0199f000-0000-7000-8000-000000000001"), new WebhookSettings("https://hooks.example.com/", [NoticeKind.FoundUnprotected], true), "AQ==", Noon)]);
        var text = ServiceCards.Write(Tenant with { Notices = told });
        Assert.EndsWith(
            ""","notices":{"contacts":[{"name":"Kim","email":"kim@example.com","language":"nl","told":["criticalFault"],"authority":["requestRestore"]}],"webhooks":[{"id":"0199f000-0000-7000-8000-000000000001","settings":{"url":"https://hooks.example.com/","told":["foundUnprotected"],"enabled":true},"wrappedSecret":"AQ==","createdAt":"2026-03-14T12:00:00+00:00"}]}}""",
            text, StringComparison.Ordinal);
        var read = ServiceCards.Read<TenantCard>(text).Notices!;
        Assert.Equal((told.Contacts[0].Email, told.Webhooks[0].WrappedSecret), (read.Contacts[0].Email, read.Webhooks[0].WrappedSecret));
        Assert.Equal(told.Contacts[0].Told, read.Contacts[0].Told);
        Assert.Null(ServiceCards.Read<TenantCard>(TenantText).Notices);
    }

    [Fact]
    public void Where_rehearsals_may_go_stands_on_the_card_and_a_card_of_before_leaves_it_open()
    {
        var tenant = TenantId.Parse("0199f000-0000-7000-8000-000000000001");
        var chosen = new RehearsalSettings(true, [new ResourceId(tenant, ResourceKind.Mailbox, "A-1")]);
        var text = ServiceCards.Write(Tenant with { Rehearsal = RehearsalCard.Of(chosen) });
        Assert.EndsWith(""","rehearsal":{"readOnly":true,"targets":["mailbox-A-1"]}}""", text, StringComparison.Ordinal);
        var read = ServiceCards.Read<TenantCard>(text).Rehearsal!.Settings(tenant);
        Assert.Equal((chosen.ReadOnly, chosen.Targets.Single()), (read.ReadOnly, read.Targets.Single()));
        Assert.Null(RehearsalCard.Of(RehearsalSettings.Default));
        Assert.Null(ServiceCards.Read<TenantCard>(TenantText).Rehearsal);
        Assert.True(new RehearsalCard(false, ["of-a-kind-to-come-1"]).Settings(tenant).ReadOnly); // its items would else be tried where they lie
    }

    [Fact]
    public void A_contract_on_a_card_of_an_earlier_release_is_read_and_a_new_card_carries_none()
    {
        // As release 2026.11 wrote it: one line in the journal, one in the journal of a contract before.
        const string packed = "GzsAUJwFdiyb1hSFGe/WDkqdrr0W4SqTm31dLC0Sc7MFHHJ8cKwtsiisC0ZIVmS/2bENKVq7HMgD";
        var read = ServiceCards.Unpack(ServiceCards.Read<TenantCard>(ServiceCards.Write(Tenant with { Contract = packed })).Contract!);
        Assert.Equal("{\"number\":1}", Assert.Single(read.Journal));
        Assert.Equal("{\"number\":7}", Assert.Single(Assert.Single(read.Former)));
        Assert.Null(ServiceCards.Read<TenantCard>(TenantText).Contract);
        Assert.Throws<JsonException>(() => ServiceCards.Unpack("no base64"));
        Assert.Throws<JsonException>(() => ServiceCards.Unpack("AAAA"));
    }

    [Fact]
    public void A_selection_too_long_for_a_card_is_left_to_the_cards_of_the_resources()
    {
        var many = Tenant with { Scope = ProtectionScope.Everything with { Selected = [.. Enumerable.Range(0, 5_000).Select(number => $"{number:d36}")] } };
        var text = ServiceCards.Write(many);
        Assert.True(text.Length <= VaultCard.MostCharacters);
        Assert.Null(ServiceCards.Read<TenantCard>(text).Scope);
    }
}
