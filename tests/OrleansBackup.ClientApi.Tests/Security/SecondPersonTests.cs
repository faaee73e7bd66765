using System.Net;
using System.Security.Cryptography;
using System.Text;
using NSubstitute;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>Nobody destroys alone: the requests, in front of a book that keeps what the real one keeps.</summary>
public class SecondPersonTests : ApiHost
{
    private static readonly string Path = $"{Sample.TenantPath}/destruction";
    private static readonly string Body = $$"""{"confirmation":"destroy {{Sample.Tenant}}","why":"The end"}""";
    private readonly List<DestructiveProposal> _kept = [];

    private readonly List<DestructiveProposal> _putBack = [];

    public SecondPersonTests()
    {
        var book = Substitute.For<IProposalBookGrain>();
        Service.Grains.GetGrain<IProposalBookGrain>(GrainKeys.Of(Sample.Tenant)).Returns(book);
        book.Propose(Arg.Any<ProposalOrder>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            _kept.Add(new DestructiveProposal(Guid.NewGuid(), call.Arg<ProposalOrder>(), Sample.Noon, Sample.Noon.AddDays(7)));
            return _kept[^1];
        });
        book.Take(Arg.Any<Guid>(), Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            var found = _kept.Single(one => one.Id == call.Arg<Guid>());
            return found.Order.Content == call.ArgAt<string>(1) && found.Order.Person != call.ArgAt<string>(2) ? found : throw new NotPossibleNowException("Not so.");
        });
        book.When(one => one.Return(Arg.Any<DestructiveProposal>(), Arg.Any<CancellationToken>())).Do(call => _putBack.Add(call.Arg<DestructiveProposal>()));
        Service.Tenant.StartDestruction(Arg.Any<DestructionRequest>(), Arg.Any<CancellationToken>()).Returns(
            call => new TenantDestructionStatus(new(call.Arg<DestructionRequest>().Who, "The end", Sample.Noon), DestructionState.Destroying, "Accepted", null, null, 0, 0, 0, null, false, 0, null));
    }

    protected override IEnumerable<KeyValuePair<string, string?>> Settings() =>
    [
        .. Holder("kim", "provider-admin"), .. Holder("sam", "provider-admin"), .. Holder("robot", "provider-admin"), .. Holder("olaf", "provider-operator"), new("Api:KeyPersons:robot", "Kim"),
    ];

    [Fact]
    public async Task A_destruction_is_done_when_a_second_person_asks_for_exactly_the_same()
    {
        Assert.Equal(HttpStatusCode.Created, await AskAsync("kim", Path, Body));
        await Service.Tenant.DidNotReceive().StartDestruction(Arg.Any<DestructionRequest>(), Arg.Any<CancellationToken>());
        Assert.Equal([AuditActs.Propose], Service.Notes.Select(note => note.Act));

        Assert.Equal(HttpStatusCode.Conflict, await AskAsync("kim", Confirming, Body)); // himself
        Assert.Equal(HttpStatusCode.Conflict, await AskAsync("robot", Confirming, Body)); // his other key
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("olaf", Confirming, Body)); // who may propose only
        Assert.Equal(HttpStatusCode.Conflict, await AskAsync("sam", Confirming, Body.Replace("The end", "Another", StringComparison.Ordinal)));
        await Service.Tenant.DidNotReceive().StartDestruction(Arg.Any<DestructionRequest>(), Arg.Any<CancellationToken>());

        Assert.Equal(HttpStatusCode.Accepted, await AskAsync("sam", Confirming, Body));
        await Service.Tenant.Received(1).StartDestruction(Arg.Is<DestructionRequest>(order => order.Who == "sam"), Arg.Any<CancellationToken>());
        Assert.Contains(Service.Notes, note => note is { Act: AuditActs.Destroy, Actor: "sam" });
    }

    [Theory]
    [InlineData(typeof(NotPossibleNowException), true)]
    [InlineData(typeof(InvalidRequestException), true)]
    [InlineData(typeof(NotFoundException), true)]
    [InlineData(typeof(VaultUnavailableException), false)] // nobody knows how far it came
    [InlineData(typeof(TimeoutException), false)]
    [InlineData(null, false)] // done
    public async Task An_act_that_is_refused_before_anything_was_done_has_not_used_up_what_was_agreed(Type? refusal, bool waitsAgain)
    {
        await AskAsync("kim", Path, Body);
        if (refusal is not null)
            Service.Tenant.StartDestruction(Arg.Any<DestructionRequest>(), Arg.Any<CancellationToken>()).Returns<TenantDestructionStatus>(_ =>
                throw (Exception)(refusal == typeof(InvalidRequestException) ? new InvalidRequestException("why", "Not so.") : Activator.CreateInstance(refusal, "A legal hold stands.")!));
        await AskAsync("sam", Confirming, Body);
        Assert.Equal(waitsAgain ? [_kept[0]] : [], _putBack);
    }

    [Fact]
    public async Task The_first_key_is_no_person_until_somebody_says_whose_it_is()
    {
        Assert.Equal(HttpStatusCode.Created, await AskAsync("kim", Path, Body));
        var (named, nobody) = (await WithFirstKeyAsync(this), await WithFirstKeyAsync(new WithoutPersons()));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Accepted), named); // jo, as the settings of every other test say
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), nobody);
    }

    [Fact]
    public async Task Where_people_have_accounts_a_configured_key_is_no_person_until_somebody_says_whose_it_is()
    {
        var keys = new ApiKeyOptions { Keys = new() { ["kim"] = new('a', 64), ["robot"] = new('b', 64) }, KeyPersons = new() { ["robot"] = "Kim@Provider.example", ["first-key"] = "kim@provider.example" } };
        Assert.Equal(["kim", "kim@provider.example"], keys.Keys.Keys.Select(holder => keys.CallerOf(holder, hasAccounts: false).Person));
        Assert.Equal([false, true], keys.Keys.Keys.Select(holder => Person.IsNamed(keys.CallerOf(holder, hasAccounts: true).Person)));
        Assert.Equal("kim@provider.example", new ApiKeys("the first key", keys, hasAccounts: true).CallerOfHash(Convert.ToHexStringLower(SHA256.HashData("the first key"u8)))!.Person);
        Assert.Empty(keys.Validate(new(keys)));
        Assert.Single(new ApiKeyOptions { KeyPersons = new() { ["sam"] = "sam" } }.Validate(new(keys)));
        await Task.CompletedTask;
    }

    private static async Task<(HttpStatusCode Proposing, HttpStatusCode Confirming)> WithFirstKeyAsync(SecondPersonTests host)
    {
        if (host is WithoutPersons)
            await host.InitializeAsync();
        try
        {
            host._kept.Clear();
            var proposing = await AskAsync(host.SignedIn, Path, Body);
            host._kept.Clear();
            await host.AskAsync("kim", Path, Body);
            return (proposing, await AskAsync(host.SignedIn, host.Confirming, Body));
        }
        finally
        {
            if (host is WithoutPersons)
                await host.DisposeAsync();
        }
    }

    /// <summary>Nobody said whose the first key is.</summary>
    private sealed class WithoutPersons : SecondPersonTests
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings() => [.. base.Settings(), new("Api:KeyPersons:first-key", null)];
    }

    [Fact]
    public async Task An_operator_may_propose_it()
    {
        Assert.Equal(HttpStatusCode.Created, await AskAsync("olaf", Path, Body));
        Assert.Equal(HttpStatusCode.Accepted, await AskAsync("kim", Confirming, Body));
    }

    [Fact]
    public async Task What_cannot_be_done_is_not_even_proposed()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync("kim", Path, """{"confirmation":"destroy it","why":"The end"}"""));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync("kim", $"/api/v1/tenants/{Sample.UnknownTenant}/destruction", $$"""{"confirmation":"destroy {{Sample.UnknownTenant}}","why":"The end"}"""));
        Assert.Empty(_kept);
    }

    /// <summary>Each takes away what keeps restore points from being deleted: somebody who has one account must not get as far.</summary>
    [Theory]
    [InlineData("legal-hold/lifts", AuditActs.LiftHold)]
    [InlineData("brake/releases", AuditActs.ReleaseBrake)]
    [InlineData("vault/acceptances", AuditActs.AcceptVault)]
    public async Task What_lets_restore_points_go_is_let_go_of_by_two_persons(string part, string act)
    {
        var (done, path) = (0, $"{Sample.MailboxPath}/{part}");
        Service.Mailbox.LiftLegalHold(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(call => Done(call.ArgAt<string>(0)));
        Service.Mailbox.ReleaseBrake(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(call => Done(call.ArgAt<string>(0)));
        Service.Mailbox.AcceptVault(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            Done(call.ArgAt<string>(0));
            return new VaultAcceptance(new("sam", "Looked", Sample.Noon), true, 7);
        });

        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync("kim", path, "{}")); // nobody waits for what says nothing
        Assert.Equal(HttpStatusCode.Created, await AskAsync("olaf", path, """{"why":"Looked"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("olaf", $"{path}?confirm={_kept[0].Id}", """{"why":"Looked"}"""));
        Assert.Equal(HttpStatusCode.Conflict, await AskAsync("kim", $"{path}?confirm={_kept[0].Id}", """{"why":"Else"}"""));
        Assert.Equal(0, done);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("sam", $"{path}?confirm={_kept[0].Id}", """{"why":"Looked"}"""));
        Assert.Equal(1, done);
        Assert.Contains(Service.Notes, note => note.Act == act && note.Actor == "sam");

        ExpiryStanding Done(string who)
        {
            Assert.Equal("sam", who);
            done++;
            return new ExpiryStanding(null, null, false);
        }
    }

    [Fact]
    public async Task A_hold_of_the_whole_tenant_is_lifted_by_two_persons_where_there_is_no_contract()
    {
        var path = $"{Sample.TenantPath}/legal-hold/lifts";
        Service.Tenant.GetOverview(Arg.Any<CancellationToken>()).Returns(Sample.Overview with { Settings = TenantSettings.Default with { Retention = TenantSettings.Default.Retention with { LegalHold = true } } });
        Service.Tenant.ChangeSettingsAsAgreed(Arg.Any<TenantSettings>(), Arg.Any<CancellationToken>()).Returns(call => Sample.Overview with { Settings = call.Arg<TenantSettings>() });
        var contract = Substitute.For<IContractGrain>();
        Service.Grains.GetGrain<IContractGrain>(GrainKeys.Of(Sample.Tenant)).Returns(contract);
        contract.GetTimeline(Arg.Any<CancellationToken>()).Returns((Domain.Contracts.ContractTimeline?)null);

        Assert.Equal(HttpStatusCode.Created, await AskAsync("kim", path, """{"why":"Case closed"}"""));
        Assert.Equal(HttpStatusCode.Conflict, await AskAsync("robot", $"{path}?confirm={_kept[0].Id}", """{"why":"Case closed"}"""));
        await Service.Tenant.DidNotReceive().ChangeSettingsAsAgreed(Arg.Any<TenantSettings>(), Arg.Any<CancellationToken>());
        Assert.Equal(HttpStatusCode.OK, await AskAsync("sam", $"{path}?confirm={_kept[0].Id}", """{"why":"Case closed"}"""));
        await Service.Tenant.Received(1).ChangeSettingsAsAgreed(Arg.Is<TenantSettings>(settings => !settings.Retention.LegalHold), Arg.Any<CancellationToken>());
    }

    private string Confirming => $"{Path}?confirm={_kept[0].Id}";

    private async Task<HttpStatusCode> AskAsync(string holder, string path, string body)
    {
        using var client = new HttpClient { BaseAddress = Anonymous.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", $"{holder}-key");
        return await AskAsync(client, path, body);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static KeyValuePair<string, string?>[] Holder(string name, string role) =>
        [new($"Api:Keys:{name}", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}-key")))), new($"Api:KeyRoles:{name}", role)];
}
