using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Chaos.Judging;
using OrleansBackup.Chaos.Plan;
using OrleansBackup.Chaos.World;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Story;

namespace OrleansBackup.Chaos.Play;

/// <summary>The whole of it: a customer is backed up day by day while the plan breaks things, and then every day is compared with the truth.</summary>
public sealed class ChaosRun
{
    /// <summary>Events, contacts, tasks, files and items of lists: few, since each request takes a while here.</summary>
    private const int SomeOfEach = 4;

    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly TextWriter _writer;
    private readonly ChaosOptions _options;

    private ChaosRun(ChaosOptions options, TextWriter writer) => (_options, _writer) = (options, writer);

    /// <summary>Plays and judges. The last line that it writes is the verdict.</summary>
    public static async Task<ChaosResult> TellAsync(ChaosOptions options, TextWriter writer, CancellationToken cancellation)
    {
        var run = new ChaosRun(options, writer);
        try
        {
            var result = await run.PlayAsync(cancellation);
            await writer.WriteLineAsync(result.ToString());
            return result;
        }
        catch (Exception failed)
        {
            if (failed is not (ChaosFailedException or DemoFailedException))
                await writer.WriteLineAsync(failed.ToString());
            var result = new ChaosResult([failed.Message.ReplaceLineEndings(" ")], $"seed={options.Seed}");
            await writer.WriteLineAsync(result.ToString());
            return result;
        }
    }

    private async Task<ChaosResult> PlayAsync(CancellationToken cancellation)
    {
        await using var world = await EngineWorld.OpenAsync(_options, Timeline.FirstEvening, cancellation);
        var plan = ChaosPlan.Make(_options.Seed, _options.Days, world.Acts);
        Tell(world.Description);
        Tell($"seed {_options.Seed}, {_options.Days} days, {_options.Users} users, {world.Slots.Length} processes; plan: {string.Join(" | ", plan.Select(day => string.Join(' ', day.Select(act => act.Kind))))}");
        var api = new PatientApi(world);
        var player = new ActPlayer(world, Tell);
        var simulator = world.Simulator.Api;
        var made = await simulator.CreateTenantAsync(new SimulatedRecipe
        {
            Name = "Chaos", Domain = "chaos.example", Seed = _options.Seed, Users = _options.Users, SharedMailboxes = 1, MessagesPerMailbox = _options.Messages,
            EventsPerMailbox = SomeOfEach, ContactsPerMailbox = SomeOfEach, TasksPerMailbox = SomeOfEach, FilesPerDrive = SomeOfEach,
            Teams = 1, ItemsPerList = SomeOfEach, PagesPerSite = 1, MessagesPerChannel = 2, FilesPerLibrary = 2,
        }, cancellation);
        await ActPlayer.SlowDownAsync(simulator, cancellation);
        var tenant = await api.AskAsync("onboarding", (server, stop) => Onboarding(world, server).RunAsync(made, stop), cancellation);
        var days = new List<LivedDay>();
        for (var day = 0; day <= _options.Days; day++)
        {
            if (day > 0)
                tenant = await LiveAsync(world, api, tenant, day, cancellation);
            days.Add(new LivedDay(day, Timeline.Day(day), await simulator.NowAsync(cancellation), tenant.Resources));
            using var stopActs = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var acts = player.PlayAsync(plan[day], stopActs.Token);
            try
            {
                await new ChaosDay(world, api, player, Tell).WaitAsync(Timeline.Day(day), tenant.Resources, acts, cancellation);
            }
            finally
            {
                await stopActs.CancelAsync();
                await acts.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        Tell($"points sealed by each process: {string.Join(", ", world.Slots.Select(slot => $"{slot.Server.Name} {SealedBy(slot)}"))}");
        world.Heal();
        await simulator.ClearFaultsAsync(cancellation);
        var judgement = await new Judge(world, api, Tell).JudgeAsync(tenant, days, cancellation);
        var done = string.Join(' ', player.Played.OrderBy(act => act.Key).Select(act => $"{act.Key}={act.Value}"));
        return judgement with { Figures = $"seed={_options.Seed} days={_options.Days} {judgement.Figures} {done} ended-by-themselves={player.EndedByThemselves}" };
    }

    private async Task<OnboardedTenant> LiveAsync(ChaosWorld world, PatientApi api, OnboardedTenant tenant, int day, CancellationToken cancellation)
    {
        var simulator = world.Simulator.Api;
        await simulator.ClearFaultsAsync(cancellation);
        await ActPlayer.SlowDownAsync(simulator, cancellation);
        var lived = await simulator.LiveDayAsync(tenant.Simulated, _options.Seed + day, cancellation);
        Tell($"day {day} ({Timeline.Day(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}): {lived}");
        world.ShiftTo(await simulator.NowAsync(cancellation));
        await world.TellTimeAsync(cancellation);
        return lived.PeopleChanged
            ? await api.AskAsync("discovery", (server, stop) => Onboarding(world, server).DiscoverAsync(tenant, stop), cancellation)
            : tenant;
    }

    private static Onboarding Onboarding(ChaosWorld world, ServerApi server) =>
        new(new DemoWorld(new DemoOptions(), new PlainOutput(TextWriter.Null), world.Slots.First(slot => slot.Serving && slot.Server.Api == server).Server, world.Simulator));

    // By its log, in which every sealed point is an event of this number.
    private static int SealedBy(ServerSlot slot)
    {
        using var log = new StreamReader(new FileStream(slot.Server.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd().Split("\"EventId\":2101,").Length - 1;
    }

    private void Tell(string line) => _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(_since).TotalSeconds,6:0.0} s] {line}"));
}
