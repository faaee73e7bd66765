using System.Net;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Resources;

public sealed class ExpiryStandingTests : ApiHost
{
    private static readonly ExpiryStanding On = new(new BrakeRecord(Sample.Noon, 7, ["4000 of 10000 items were gone."], null, 0), null, TenantHold: false);

    [Fact]
    public async Task The_brake_is_shown_with_its_reasons()
    {
        Service.Mailbox.GetExpiryStanding(Arg.Any<CancellationToken>()).Returns(On);
        var standing = await GetAsync($"{Sample.MailboxPath}/brake");
        Assert.Equal("brake legalHold tenantHold", standing.Names());
        Assert.Equal("on since point reasons released", standing.At("brake").Names());
        Assert.True(standing.At("brake").At("on").GetBoolean());
    }

    [Fact]
    public async Task A_legal_hold_is_placed_by_one_person_with_a_reason()
    {
        var hold = new LegalHoldRecord(new("operator", "Court order", Sample.Noon), null);
        Service.Mailbox.PlaceLegalHold(Arg.Any<string>(), "Court order", Arg.Any<CancellationToken>()).Returns(new ExpiryStanding(null, hold, false));
        Assert.True((await SendAsync(HttpMethod.Post, $"{Sample.MailboxPath}/legal-hold", """{"why":"Court order"}""", HttpStatusCode.OK)).At("legalHold").At("stands").GetBoolean());
        await RefusedAsync(HttpMethod.Post, $"{Sample.MailboxPath}/legal-hold", "{}", HttpStatusCode.BadRequest, "invalid-request", "why");
    }

    [Fact]
    public async Task A_hold_of_the_whole_tenant_is_part_of_its_settings()
    {
        Service.Tenant.ChangeSettings(Arg.Any<TenantSettings>(), Arg.Any<CancellationToken>()).Returns(call => Sample.Overview with { Settings = call.Arg<TenantSettings>() });
        Assert.True((await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/legal-hold", """{"why":"Court order"}""", HttpStatusCode.OK)).At("settings").At("retention").At("legalHold").GetBoolean());
    }
}
