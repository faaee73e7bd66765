using System.Net;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces.Resources;

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
    public async Task Who_releases_the_brake_is_the_holder_of_the_key_and_has_to_say_why()
    {
        Service.Mailbox.ReleaseBrake(Arg.Any<string>(), "They moved to an archive.", Arg.Any<CancellationToken>())
            .Returns(call => On with { Brake = On.Brake! with { Released = new(call.ArgAt<string>(0), call.ArgAt<string>(1), Sample.Noon) } });
        var released = await SendAsync(HttpMethod.Post, $"{Sample.MailboxPath}/brake/releases", """{"why":"They moved to an archive."}""", HttpStatusCode.OK);
        Assert.Equal("who why at", released.At("brake").At("released").Names());
        Assert.NotEmpty(released.At("brake").At("released").Text("who")!);
        await RefusedAsync(HttpMethod.Post, $"{Sample.MailboxPath}/brake/releases", "{}", HttpStatusCode.BadRequest, "invalid-request", "why");
    }

    [Fact]
    public async Task The_stored_state_is_accepted_by_the_holder_of_the_key_who_has_to_say_why()
    {
        Service.Mailbox.AcceptVault(Arg.Any<string>(), "A disk failed.", Arg.Any<CancellationToken>())
            .Returns(call => new VaultAcceptance(new(call.ArgAt<string>(0), call.ArgAt<string>(1), Sample.Noon), WasSetBack: true, NewestPoint: 7));
        var accepted = await SendAsync(HttpMethod.Post, $"{Sample.MailboxPath}/vault/acceptances", """{"why":"A disk failed."}""", HttpStatusCode.OK);
        Assert.Equal("decision wasSetBack newestPoint", accepted.Names());
        Assert.NotEmpty(accepted.At("decision").Text("who")!);
        await RefusedAsync(HttpMethod.Post, $"{Sample.MailboxPath}/vault/acceptances", "{}", HttpStatusCode.BadRequest, "invalid-request", "why");
    }

    [Fact]
    public async Task A_legal_hold_is_placed_and_lifted_with_a_reason()
    {
        var hold = new LegalHoldRecord(new("operator", "Court order", Sample.Noon), null);
        Service.Mailbox.PlaceLegalHold(Arg.Any<string>(), "Court order", Arg.Any<CancellationToken>()).Returns(new ExpiryStanding(null, hold, false));
        Service.Mailbox.LiftLegalHold(Arg.Any<string>(), "Case closed", Arg.Any<CancellationToken>())
            .Returns(new ExpiryStanding(null, hold with { Lifted = new("operator", "Case closed", Sample.Noon) }, false));
        Assert.True((await SendAsync(HttpMethod.Post, $"{Sample.MailboxPath}/legal-hold", """{"why":"Court order"}""", HttpStatusCode.OK)).At("legalHold").At("stands").GetBoolean());
        Assert.False((await SendAsync(HttpMethod.Post, $"{Sample.MailboxPath}/legal-hold/lifts", """{"why":"Case closed"}""", HttpStatusCode.OK)).At("legalHold").At("stands").GetBoolean());
    }
}
