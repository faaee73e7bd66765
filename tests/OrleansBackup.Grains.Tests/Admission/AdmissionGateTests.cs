using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Admission;

public sealed class AdmissionGateTests
{
    private static ResourceId Mailbox(string id) => new(new TenantId(Guid.Empty), ResourceKind.Mailbox, id);

    private static AdmissionGate Gate(int running, int waiting = 100) => new(
        Options.Create(new AdmissionOptions { ConcurrentRuns = running, WaitingRuns = waiting }), new ManualClock(DateTimeOffset.UnixEpoch));

    [Fact]
    public async Task So_many_come_in_and_the_others_wait_in_the_order_in_which_they_came()
    {
        var gate = Gate(running: 1);
        var first = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        var second = gate.EnterAsync(Mailbox("b"), "backup", CancellationToken.None);
        var third = gate.EnterAsync(Mailbox("c"), "backup", CancellationToken.None);
        Assert.Equal(["b", "c"], gate.Overview().Waiting.Select(run => run.Resource.ObjectId));
        first.Dispose();
        (await second).Dispose();
        using var last = await third;
        Assert.Equal(["c"], gate.Overview().Running.Select(run => run.Resource.ObjectId));
    }

    [Fact]
    public async Task Who_yields_comes_in_only_when_no_run_waits_and_one_at_a_time()
    {
        var gate = Gate(running: 2);
        var first = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        var second = await gate.EnterAsync(Mailbox("b"), "backup", CancellationToken.None);
        var scrub = gate.EnterYieldingAsync(Mailbox("c"), "scrub", CancellationToken.None);
        var other = gate.EnterYieldingAsync(Mailbox("d"), "scrub", CancellationToken.None);
        var third = gate.EnterAsync(Mailbox("e"), "backup", CancellationToken.None);
        first.Dispose();
        using var run = await third; // came later, and goes first
        Assert.False(scrub.IsCompleted);
        second.Dispose();
        var place = await scrub;
        run.Dispose();
        Assert.False(other.IsCompleted); // there is room, and one is inside
        place.Dispose();
        (await other).Dispose();
        Assert.Empty(gate.Overview().Running);
    }

    [Fact]
    public async Task Who_can_come_again_is_told_that_it_is_full_while_a_tenth_of_the_waiting_places_is_left()
    {
        var gate = Gate(running: 1, waiting: 10);
        using var inside = await gate.EnterAsync(Mailbox("inside"), "backup", CancellationToken.None);
        using var end = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 8).Select(i => gate.EnterAsync(Mailbox($"{i}"), "backup", end.Token)).ToList();
        Assert.True(gate.HasRoom());
        Assert.Equal(0, gate.TurnedAway);
        waiting.Add(gate.EnterAsync(Mailbox("8"), "backup", end.Token));
        Assert.False(gate.HasRoom());
        Assert.Equal(1, gate.TurnedAway);
        waiting.Add(gate.EnterAsync(Mailbox("asked by a person"), "backup", end.Token));
        Assert.Equal(10, gate.Overview().Waiting.Length);
        await end.CancelAsync();
        foreach (var one in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
    }

    [Theory]
    [InlineData(1, 3, 4)] // a third of eleven
    [InlineData(2, 4, 6)]
    [InlineData(9, 10, 8)] // no more than can go
    public async Task Newcomers_get_their_share_of_all_from_the_end_of_the_line_and_only_what_can_move(int newcomers, int processes, int share)
    {
        var gate = Gate(running: 2);
        using var end = new CancellationTokenSource();
        Assert.Empty(gate.ShareOf(newcomers, processes));
        var here = new[] { "inside", "too" }.Select(id => gate.EnterMovableAsync(Mailbox(id), "backup", end.Token)).ToList();
        here.AddRange(Enumerable.Range(0, 8).Select(i => gate.EnterMovableAsync(Mailbox($"{i}"), "backup", end.Token)));
        here.Add(gate.EnterAsync(Mailbox("restore"), "restore", end.Token));

        Assert.Equal(Enumerable.Range(0, 8).Reverse().Take(share).Select(i => $"{i}"), gate.ShareOf(newcomers, processes).Select(resource => resource.ObjectId));
        await end.CancelAsync();
        foreach (var one in here.Skip(2))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        var gate = Gate(running: 1);
        var first = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var impatient = gate.EnterAsync(Mailbox("b"), "backup", patience.Token);
        var patient = gate.EnterAsync(Mailbox("c"), "backup", CancellationToken.None);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        first.Dispose();
        using var place = await patient;
        Assert.Empty(gate.Overview().Waiting);
    }

    [Fact]
    public async Task A_full_queue_refuses_instead_of_growing()
    {
        var gate = Gate(running: 1, waiting: 1);
        using var first = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        _ = gate.EnterAsync(Mailbox("b"), "backup", CancellationToken.None);
        await Assert.ThrowsAsync<AdmissionRefusedException>(() => gate.EnterAsync(Mailbox("c"), "backup", CancellationToken.None));
    }

    [Fact]
    public async Task Leaving_twice_frees_one_place_only()
    {
        var gate = Gate(running: 1);
        var first = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        first.Dispose();
        var second = await gate.EnterAsync(Mailbox("b"), "backup", CancellationToken.None);
        first.Dispose();
        Assert.False(gate.EnterAsync(Mailbox("c"), "backup", CancellationToken.None).IsCompleted);
        second.Dispose();
    }

    private static ResourceId Site(string id) => new(new TenantId(Guid.Empty), ResourceKind.Site, id);

    [Fact]
    public async Task However_many_slow_sites_there_are_mailboxes_get_their_turn()
    {
        var gate = new AdmissionGate(Options.Create(new AdmissionOptions { ConcurrentRuns = 4, PlacesForMailboxes = 1 }), new ManualClock(DateTimeOffset.UnixEpoch));
        var sites = Enumerable.Range(0, 10).Select(i => gate.EnterAsync(Site($"{i}"), "backup", CancellationToken.None)).ToList();
        Assert.Equal(3, sites.Count(site => site.IsCompleted));
        for (var i = 0; i < 20; i++) // one after the other, past all sites that wait
            (await gate.EnterAsync(Mailbox($"{i}"), "backup", CancellationToken.None)).Dispose();
        (await sites[0]).Dispose();
        await sites[3]; // the next site takes the place of one that left
        Assert.False(sites[4].IsCompleted);
    }

    [Fact]
    public async Task With_one_place_a_site_gets_it_too()
    {
        var gate = Gate(running: 1);
        var mailbox = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        var site = gate.EnterAsync(Site("b"), "backup", CancellationToken.None);
        mailbox.Dispose();
        (await site).Dispose();
    }

    [Fact]
    public async Task A_restore_goes_before_all_runs_that_wait_and_after_the_restores_that_came_before()
    {
        var gate = Gate(running: 1);
        var inside = await gate.EnterAsync(Mailbox("inside"), "backup", CancellationToken.None);
        var run = gate.EnterAsync(Mailbox("run"), "backup", CancellationToken.None);
        var first = gate.EnterFirstAsync(Site("first"), "restore", CancellationToken.None);
        var second = gate.EnterFirstAsync(Mailbox("second"), "restore", CancellationToken.None);
        Assert.Equal(["first", "second", "run"], gate.Overview().Waiting.Select(waiting => waiting.Resource.ObjectId));
        inside.Dispose();
        (await first).Dispose();
        (await second).Dispose();
        (await run).Dispose();
    }
}
