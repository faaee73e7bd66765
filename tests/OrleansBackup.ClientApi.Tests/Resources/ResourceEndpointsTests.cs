using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.ClientApi.Tests.Resources;

public sealed class ResourceEndpointsTests : ApiHost
{
    private const string ListingNames = "id kind displayName address purpose protected reason since vanishedAt health";
    private const string HealthNames = "lastOutcome lastGoodStart lastSealedAt nextMoment restorePoints items logicalBytes debts running problem cause";

    [Fact]
    public async Task Resources_are_listed_page_by_page()
    {
        var page = await GetAsync($"{Sample.TenantPath}/resources?after=mark&limit=7");
        Assert.Equal("resources next", page.Names());
        Assert.Equal("next-mark", page.Text("next"));
        var resource = page.First("resources");
        Assert.Equal(ListingNames, resource.Names());
        Assert.Equal(Sample.Mailbox.LocalName, resource.Text("id"));
        Assert.Equal("mailbox", resource.Text("kind"));
        Assert.Equal(HealthNames, resource.At("health").Names());
        Assert.Equal("succeededWithWarnings", resource.At("health").Text("lastOutcome"));
        Assert.Equal("none", resource.At("health").Text("cause"));
        await Service.Tenant.Received(1).ListResources("mark", 7, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_resource_tells_how_it_stands()
    {
        var resource = await GetAsync(Sample.MailboxPath);
        Assert.Equal([.. ListingNames.Split(' ').Append("status").Append("restorability").Order()], resource.Names().Split(' ').Order());
        var status = resource.At("status");
        Assert.Equal("protected settings health currentRun waiting", status.Names());
        Assert.Equal("displayName address retention window hiddenFolders", status.At("settings").Names());
        Assert.Equal("running", status.At("currentRun").Text("outcome"));
        Assert.Equal("for since until", status.At("waiting").Names());
    }

    [Fact]
    public async Task A_resource_that_was_never_protected_has_a_listing_and_no_status()
    {
        Service.Mailbox.GetStatus(Arg.Any<CancellationToken>()).ThrowsAsync(new NotFoundException("never"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await GetAsync(Sample.MailboxPath)).At("status").ValueKind);
    }

    [Fact]
    public async Task A_resource_that_was_never_protected_says_why()
    {
        Service.Tenant.GetResource(Sample.Mailbox, Arg.Any<CancellationToken>()).Returns(Sample.Listing with { Protected = false, Reason = "A guest has no mailbox.", Health = null });
        Service.Mailbox.Why(Arg.Any<CancellationToken>()).ThrowsAsync(new NotFoundException("never"));
        Assert.Equal("A guest has no mailbox.", (await GetAsync($"{Sample.MailboxPath}/why")).Text("for"));
    }

    [Fact]
    public async Task A_resource_that_the_tenant_does_not_know_is_not_found()
    {
        Service.Tenant.GetResource(Sample.Mailbox, Arg.Any<CancellationToken>()).ThrowsAsync(new NotFoundException("unknown"));
        await RefusedAsync(HttpMethod.Get, Sample.MailboxPath, null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Reason_debts_and_expiries_answer_in_their_shapes()
    {
        Assert.Equal("language text for since until", (await GetAsync($"{Sample.MailboxPath}/why")).Names());
        Assert.Equal("itemId folderId subject error since attempts", (await GetAsync($"{Sample.MailboxPath}/debts")).First("debts").Names());
        var expiry = await SendAsync(HttpMethod.Post, $"{Sample.MailboxPath}/expiries", null, HttpStatusCode.OK);
        Assert.Equal("gone kept reclaimedBytes", expiry.Names());
        Assert.Equal(2, expiry.At("gone").GetArrayLength());
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task A_check_goes_as_deep_as_asked(string json, bool everyByte)
    {
        var check = await SendAsync(HttpMethod.Post, $"{Sample.MailboxPath}/checks", $"{{\"everyByte\":{json}}}", HttpStatusCode.OK);
        Assert.Equal("everyByte objectsRead bytesRead findings", check.Names());
        await Service.Mailbox.Received(1).CheckVault(everyByte, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_check_must_say_how_deep() =>
        await RefusedAsync(HttpMethod.Post, $"{Sample.MailboxPath}/checks", "{}", HttpStatusCode.BadRequest, "invalid-request", "everyByte");
}
