using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.SqliteStorage;
using Xunit.Abstractions;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A tenant of 50,000 resources, begun as an earlier release left it: one row with everything.</summary>
public sealed class LargeTenantTests(SimulatorFixture simulator, ITestOutputHelper output) : IClassFixture<SimulatorFixture>
{
    private const int Resources = 50_000;
    private static readonly TenantRecipe Nobody = new() { Users = 1, MessagesPerMailbox = 1 };

    private static CancellationToken Never => CancellationToken.None;

    [Fact]
    public async Task Fifty_thousand_resources_report_to_parts_and_the_tenants_own_row_stays_small()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Nobody);
        var now = scene.Clock.GetUtcNow();
        var old = LargeTenant.OldRow(Resources, now);
        var clock = Stopwatch.StartNew();
        await WriteAsync(scene, old);
        output.WriteLine($"the old row: {Size(old)} bytes, one write {clock.ElapsedMilliseconds} ms");

        clock.Restart();
        var overview = await OnceItAnswersAsync(() => scene.Grains.Tenant(LargeTenant.Id).GetOverview(Never));
        output.WriteLine($"moved to parts and counted in {clock.ElapsedMilliseconds} ms");
        Assert.Equal((Resources * 9 / 10, Resources / 10, 0, 0), (overview.ProtectedResources, overview.UnprotectedResources, overview.RunningResources, overview.FailingResources));
        var row = await ReadAsync(scene);
        Assert.Equal((64, 0), (row.Parts, row.Resources.Count));
        Assert.InRange(Size(row), 1, 10_000);

        clock.Restart();
        await Parallel.ForAsync(0, 2 * Resources, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, token) =>
        {
            var running = number < Resources;
            var health = LargeTenant.Health(number % Resources, now.AddMinutes(-1), running) with { LastOutcome = running ? RunOutcome.Failed : RunOutcome.Succeeded };
            Assert.True(await scene.Grains.TenantPart(LargeTenant.Id, TenantParts.Of(health.Resource, 64)).Report(health, token));
        });
        output.WriteLine($"{2 * Resources / clock.Elapsed.TotalSeconds:n0} reports a second");
        clock.Restart();
        overview = await scene.Grains.Tenant(LargeTenant.Id).GetOverview(Never);
        output.WriteLine($"counted in {clock.ElapsedMilliseconds} ms");
        Assert.Equal((0, 0, 0), (overview.RunningResources, overview.FailingResources, overview.OverdueResources));

        clock.Restart();
        var listed = await ListAsync(scene, 1_000);
        output.WriteLine($"listed in pages of 1,000 in {clock.ElapsedMilliseconds} ms");
        Assert.Equal(Resources, listed.Select(listing => listing.Resource).Distinct().Count());
        Assert.Equal(listed.OrderBy(ListingOrder.PlaceOf, ListingOrder.Instance).Select(listing => listing.Resource), listed.Select(listing => listing.Resource));
        Assert.All(listed, listing => Assert.Equal(now.AddMinutes(-1), listing.Health!.LastGoodStart));
    }

    [Fact]
    public async Task What_an_earlier_release_wrote_is_all_there_after_the_move_and_after_a_crash_right_behind_it()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Nobody);
        var now = scene.Clock.GetUtcNow();
        var old = LargeTenant.OldRow(2_500, now);
        var first = LargeTenant.Mailbox(1);
        await WriteAsync(scene, old with { Untold = [first.LocalName] });
        Assert.Contains("1 resources could not be told", (await scene.Grains.Tenant(LargeTenant.Id).GetOverview(Never)).Problem, StringComparison.Ordinal);
        await scene.KillAsync();
        await scene.StartServiceAsync();
        var known = await scene.Grains.Tenant(LargeTenant.Id).GetResource(first, Never);
        Assert.Equal(old.Resources[first.LocalName].Listing(), known);
        var listed = await ListAsync(scene, 7);
        Assert.Equal(2_500, listed.Count);
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Grains.Tenant(LargeTenant.Id).ListResources("mailbox-nobody", 7, Never));
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.Tenant(LargeTenant.Id).GetResource(scene.Mailbox(), Never));
    }

    [Fact]
    public async Task A_report_to_the_tenant_or_to_a_part_that_is_not_the_right_one_arrives()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Nobody);
        var now = scene.Clock.GetUtcNow();
        await WriteAsync(scene, LargeTenant.OldRow(2_500, now));
        var tenant = scene.Grains.Tenant(LargeTenant.Id);
        var health = LargeTenant.Health(3, now.AddMinutes(-5), running: true);
        await tenant.ReportHealth(health, Never); // as resources do that were told nothing of parts
        Assert.Equal(health, (await tenant.GetResource(health.Resource, Never)).Health);
        var right = TenantParts.Of(health.Resource, 4);
        Assert.False(await scene.Grains.TenantPart(LargeTenant.Id, (right + 1) % 4).Report(health, Never));
        Assert.True(await scene.Grains.TenantPart(LargeTenant.Id, right).Report(health, Never));
    }

    [Fact]
    public async Task A_part_that_is_forgotten_leaves_no_state_and_takes_no_report_any_more()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Nobody);
        await WriteAsync(scene, LargeTenant.OldRow(5, scene.Clock.GetUtcNow()));
        await scene.Grains.Tenant(LargeTenant.Id).GetOverview(Never);
        var part = scene.Grains.TenantPart(LargeTenant.Id, 0);
        Assert.True(await HasRowAsync<TenantPartState>(scene, part, "tenant-part") && await HasRowAsync<PartHealthState>(scene, part, "tenant-part-health"));
        Assert.True(await part.Report(LargeTenant.Health(1, scene.Clock.GetUtcNow()), Never));
        await part.Forget(Never);
        await part.Forget(Never);
        Assert.False(await part.Report(LargeTenant.Health(1, scene.Clock.GetUtcNow()), Never));
        await scene.StopAsync(); // an orderly end writes what is unwritten
        await scene.StartServiceAsync();
        part = scene.Grains.TenantPart(LargeTenant.Id, 0);
        Assert.False(await HasRowAsync<TenantPartState>(scene, part, "tenant-part") || await HasRowAsync<PartHealthState>(scene, part, "tenant-part-health"));
    }

    [Fact]
    public async Task A_tenant_that_grows_is_divided_and_its_resources_keep_their_points_and_go_on_reporting()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 3 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var mine = new[] { scene.Mailbox(0).ObjectId, scene.Mailbox(1).ObjectId };
        await scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Scope = new ProtectionScope(ScopeMode.Selection, [.. mine], [], true) }, Never);
        for (var seed = 0; seed < TenantParts.LargestPart; seed++)
            scene.Admin.AddUser(scene.Tenant.ToString(), (ulong)seed);
        var found = await scene.TenantGrain.Discover(Never);
        Assert.Equal((TenantParts.LargestPart, 2), (found.New, found.Protected));
        var overview = await scene.TenantGrain.GetOverview(Never);
        Assert.Equal((2, TenantParts.LargestPart, 2), (overview.ProtectedResources, overview.UnprotectedResources, overview.HealthyResources));
        for (var index = 0; index < 2; index++)
        {
            Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync(index)).Outcome);
            var status = await scene.Resource(index).GetStatus(Never);
            Assert.Equal(2, status.Settings.Parts);
            var part = scene.Grains.TenantPart(scene.Tenant, TenantParts.Of(scene.Mailbox(index), 2));
            using var patience = new CancellationTokenSource(Hang.Limit);
            while ((await part.Find(scene.Mailbox(index), patience.Token))!.Health is not { RestorePoints: 2, Running: false })
                patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task What_a_lost_report_hid_is_found_by_the_next_look()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, Nobody);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var part = scene.Grains.TenantPart(scene.Tenant, 0);
        var truth = (await scene.Resource().GetStatus(Never)).Health;
        await part.Report(truth with { LastGoodStart = null, RestorePoints = 0 }, Never); // as if the report of its first run had never come
        await scene.TenantGrain.SweepOverdue(Never);
        Assert.Equal(truth.LastGoodStart, (await part.Find(scene.Mailbox(), Never))!.Health!.LastGoodStart);
    }

    // On a machine that is busy with other things the move may take longer than a call waits; it goes on all the same.
    private static async Task<TAnswer> OnceItAnswersAsync<TAnswer>(Func<Task<TAnswer>> ask)
    {
        for (var patience = 0; ; patience++)
        {
            try
            {
                return await ask();
            }
            catch (TimeoutException) when (patience < 5)
            {
                // asked again
            }
        }
    }

    private static async Task<bool> HasRowAsync<TState>(ServiceScene scene, ITenantPartGrain part, string name)
        where TState : class, new()
    {
        var row = new GrainState<TState>();
        await Storage(scene).ReadStateAsync(name, part.GetGrainId(), row);
        return row.RecordExists;
    }

    private static async Task<List<ResourceListing>> ListAsync(ServiceScene scene, int limit)
    {
        var (listed, next) = (new List<ResourceListing>(), default(string));
        do
        {
            var page = await scene.Grains.Tenant(LargeTenant.Id).ListResources(next, limit, Never);
            Assert.True(page.Next is null || page.Resources.Length == limit);
            listed.AddRange(page.Resources);
            next = page.Next;
        }
        while (next is not null);
        return listed;
    }

    private static IGrainStorage Storage(ServiceScene scene) => scene.Services.GetRequiredKeyedService<IGrainStorage>(StateStores.Default);

    private static Task WriteAsync(ServiceScene scene, TenantState state) =>
        Storage(scene).WriteStateAsync("tenant", scene.Grains.Tenant(LargeTenant.Id).GetGrainId(), new GrainState<TenantState>(state));

    private static async Task<TenantState> ReadAsync(ServiceScene scene)
    {
        var row = new GrainState<TenantState>();
        await Storage(scene).ReadStateAsync("tenant", scene.Grains.Tenant(LargeTenant.Id).GetGrainId(), row);
        return row.State!;
    }

    private static int Size(TenantState state) => JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options).Length;
}
