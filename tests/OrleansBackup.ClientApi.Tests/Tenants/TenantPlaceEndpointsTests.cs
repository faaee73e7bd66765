using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Tenants;

public sealed class TenantPlaceEndpointsTests : ApiHost
{
    private static readonly TenantMoveStatus Move = new(
        "ireland", "home", new PersonsDecision("first-key", "Contract", Sample.Noon), MoveState.WaitingForRetention, "Waiting", null, Sample.Noon, null, 10, 4_096, 8, 0, 2, [], 0, null);
    private static readonly TenantDestructionStatus Destruction = new(
        new PersonsDecision("first-key", "The end", Sample.Noon), DestructionState.Done, "Ended", null, Sample.Noon, 10, 4_096, 0, null, true, 0, null);

    [Fact]
    public async Task A_move_is_begun_by_the_holder_of_the_key_and_shows_how_far_it_is()
    {
        Service.Tenant.StartMove("home", Arg.Is<string>(who => who.Length > 0), "Contract", Arg.Any<CancellationToken>()).Returns(Move);
        Service.Tenant.ListMoves(Arg.Any<CancellationToken>()).Returns([Move]);
        var begun = await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/moves", """{"store":"home","why":"Contract"}""", HttpStatusCode.Accepted);
        Assert.Equal("from to asked state step problem switchedAt endedAt objects bytes erased late retained strays", begun.Names());
        Assert.Equal("waitingForRetention", (await GetAsync($"{Sample.TenantPath}/moves")).First("moves").Text("state"));
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/moves", """{"why":"Contract"}""", HttpStatusCode.BadRequest, "invalid-request", "store");
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/moves", """{"store":"home"}""", HttpStatusCode.BadRequest, "invalid-request", "why");
    }

    [Fact]
    public async Task A_destruction_needs_its_confirmation_and_a_reason_and_its_record_is_downloaded()
    {
        Service.Tenant.StartDestruction(Arg.Is<DestructionRequest>(order => order.Confirmation == $"destroy {Sample.Tenant}" && order.Who.Length > 0 && order.Why == "The end"), Arg.Any<CancellationToken>())
            .Returns(Destruction);
        Service.Tenant.GetDestruction(Arg.Any<CancellationToken>()).Returns(Destruction);
        Service.Tenant.ReadDeletionRecord(Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>("PK"u8.ToArray()));
        Service.Provider.GetDeletionKey(Arg.Any<CancellationToken>()).Returns("-----BEGIN PUBLIC KEY-----");
        var ordered = await SendAsync(HttpMethod.Post, $"{Sample.TenantPath}/destruction?confirm={Guid.Empty}", $$"""{"confirmation":"destroy {{Sample.Tenant}}","why":"The end"}""", HttpStatusCode.Accepted);
        Assert.Equal("ordered state step problem endedAt objects bytes objectsLeft keptUntil hasRecord", ordered.Names());
        Assert.Equal("done", (await GetAsync($"{Sample.TenantPath}/destruction")).Text("state"));
        using var record = await SignedIn.GetAsync(new Uri($"{Sample.TenantPath}/deletion-record", UriKind.Relative));
        Assert.Equal(("application/zip", "PK"), (record.Content.Headers.ContentType?.MediaType, await record.Content.ReadAsStringAsync()));
        Assert.Equal("-----BEGIN PUBLIC KEY-----", await SignedIn.GetStringAsync(new Uri("/api/v1/deletion-key", UriKind.Relative)));
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/destruction", """{"why":"The end"}""", HttpStatusCode.BadRequest, "invalid-request", "confirmation");
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/destruction", $$"""{"confirmation":"destroy {{Sample.Tenant}}"}""", HttpStatusCode.BadRequest, "invalid-request", "why");
    }

    [Fact]
    public async Task Under_legal_hold_a_destruction_is_not_possible_now_and_without_one_there_is_no_record()
    {
        Service.Tenant.StartDestruction(Arg.Any<DestructionRequest>(), Arg.Any<CancellationToken>()).ThrowsAsync(new NotPossibleNowException("A legal hold forbids it."));
        Service.Tenant.ReadDeletionRecord(Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>([() => throw new NotFoundException("There is none.")]));
        await RefusedAsync(HttpMethod.Post, $"{Sample.TenantPath}/destruction?confirm={Guid.Empty}", $$"""{"confirmation":"destroy {{Sample.Tenant}}","why":"The end"}""", HttpStatusCode.Conflict, "not-possible-now");
        await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/deletion-record", null, HttpStatusCode.NotFound, "not-found");
    }
}
