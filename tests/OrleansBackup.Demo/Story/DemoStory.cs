using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>The whole story in its order: a customer comes, is backed up, lives, loses things and gets them back; then the proof.</summary>
internal sealed class DemoStory(DemoWorld world, string serverDataFolder)
{
    private readonly List<LivedDay> _days = [];
    private readonly List<DayFigures> _figures = [];

    public async Task<StoryResult> TellAsync(CancellationToken cancellation)
    {
        var tenant = await BeginAsync(cancellation);
        await FirstBackupAsync(tenant, cancellation);
        world.Output.Heading($"{world.Options.Days} {(world.Options.Days == 1 ? "day" : "days")} of life, one daily run each");
        ImmutableArray<LostThing> lost = [];
        for (var day = 1; day <= world.Options.Days; day++)
            (tenant, lost) = await LiveAsync(tenant, day, cancellation);
        var chosen = _days[Timeline.ChosenDay(world.Options.Days)];
        world.Output.Heading($"Putting it back as it was on {chosen.Day:yyyy-MM-dd}, day {chosen.Number} of {world.Options.Days}");
        var restored = new List<RestoredThing>();
        foreach (var thing in lost)
            restored.Add(await new Restoring(world, tenant, chosen).RunAsync(thing, cancellation));
        world.Output.Heading("Comparing with the simulator's own history");
        var proof = new Proof(world, tenant);
        var compared = await proof.OfRestoresAsync(restored, cancellation)
            + await proof.OfPointsAsync([.. Timeline.ComparedDays(world.Options.Days).Select(day => _days[day])], cancellation);
        return await CloseAsync(tenant, restored, compared, cancellation);
    }

    private async Task<OnboardedTenant> BeginAsync(CancellationToken cancellation)
    {
        var made = await world.Simulator.Api.CreateTenantAsync(SimulatedRecipe.Company(world.Options), cancellation);
        world.Output.Line($"simulated customer {made.Name} ({made.TenantId})");
        return await new Onboarding(world).RunAsync(made, cancellation);
    }

    private async Task FirstBackupAsync(OnboardedTenant tenant, CancellationToken cancellation)
    {
        world.Output.Heading("First full backup");
        var kill = world.Options.Kill ? new Disturbance(afterItems: Math.Max(20, tenant.Mailboxes.Length * 10), KillAndStartAsync) : null;
        await BackUpAsync(tenant, 0, kill, cancellation);
        if (kill is { Done: false })
            throw new DemoFailedException("the first backup ended before the server could be killed; use more messages");
        if (kill is not null)
        {
            var resumed = _figures[0].Runs.Count(run => run.Reason == "resumed");
            world.Output.Line($"{resumed} runs went on by themselves after the kill");
            if (resumed == 0)
                throw new DemoFailedException("no run says that it went on after the kill");
        }
    }

    private async Task<(OnboardedTenant Tenant, ImmutableArray<LostThing> Lost)> LiveAsync(OnboardedTenant tenant, int day, CancellationToken cancellation)
    {
        var lived = await world.Simulator.Api.LiveDayAsync(tenant.Simulated, day, cancellation);
        world.Output.Line($"day {day} ({Timeline.Day(day):ddd yyyy-MM-dd}): {lived}");
        var lost = day == world.Options.Days
            ? await new Loss(world, tenant, _days[Timeline.ChosenDay(world.Options.Days)]).RunAsync(cancellation)
            : ImmutableArray<LostThing>.Empty;
        await world.Api.PostAsync<ClockAnswer>("/operations/clock", new { set = await world.Simulator.Api.NowAsync(cancellation) }, cancellation);
        if (lived.PeopleChanged)
            tenant = await new Onboarding(world).DiscoverAsync(tenant, cancellation);
        await BackUpAsync(tenant, day, null, cancellation);
        return (tenant, lost);
    }

    private async Task BackUpAsync(OnboardedTenant tenant, int day, Disturbance? disturb, CancellationToken cancellation)
    {
        _days.Add(new LivedDay(day, Timeline.Day(day), await world.Simulator.Api.NowAsync(cancellation), tenant.Mailboxes));
        DayFigures? figures = null;
        var title = day == 0 ? "first full backup" : $"daily run of day {day}";
        await world.Output.ProgressAsync(async board =>
            figures = await new DayOfBackups(world, tenant).WaitAsync(Timeline.Day(day), title, board, disturb, cancellation));
        _figures.Add(figures!);
        world.Output.Line($"{title}: {figures!.Points.Count} restore points of {Figures.Count(figures.Items)} messages; {Figures.Count(figures.Handled)} changes, "
            + $"{Figures.Count(figures.Requests)} requests, {Figures.Bytes(figures.DownloadedBytes)} downloaded, {figures.Debts} debts");
    }

    private async Task KillAndStartAsync(CancellationToken cancellation)
    {
        world.Output.Line($"kill -9 {world.Server.ProcessId}: the server is gone in the middle of the run");
        await world.Server.KillAsync(cancellation);
        await world.Server.StartAsync(await world.Simulator.Api.NowAsync(cancellation), cancellation);
        world.Output.Line($"started again as process {world.Server.ProcessId}; nobody asks it to go on");
    }

    private async Task<StoryResult> CloseAsync(OnboardedTenant tenant, List<RestoredThing> restored, ComparisonResult compared, CancellationToken cancellation)
    {
        var points = 0;
        foreach (var mailbox in tenant.Mailboxes)
            points += (await world.Api.GetAsync<PointsAnswer>($"{mailbox.Path}/points", cancellation)).Points.Length;
        var source = _figures[^1].Points.Values.Sum(point => point.LogicalBytes);
        var stored = new DirectoryInfo(Path.Combine(serverDataFolder, "vault")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        var requests = _figures.Sum(day => day.Requests);
        var handled = _figures.Sum(day => day.Handled);
        var result = new StoryResult(tenant.Mailboxes.Length, points, _figures[^1].Items, restored.Sum(thing => thing.Status.Restored), compared);
        ImmutableArray<ImmutableArray<string>> rows =
        [
            ["mailboxes", Figures.Count(result.Mailboxes)],
            ["restore points", Figures.Count(points)],
            ["messages in the newest points", Figures.Count(result.Items)],
            ["messages and changes handled", Figures.Count(handled)],
            ["bytes at the source, newest points", Figures.Bytes(source)],
            ["bytes stored, all points", Figures.Bytes(stored)],
            ["requests to Microsoft 365", Figures.Count(requests)],
            ["requests per item handled", Figures.Ratio((double)requests / handled)],
            ["restores", Figures.Count(restored.Count)],
            ["messages restored", Figures.Count(result.Restored)],
            ["messages skipped, still there", Figures.Count(restored.Sum(thing => thing.Status.Skipped))],
            ["messages not restored", Figures.Count(restored.Sum(thing => thing.Status.Failed))],
            ["losses declared by the restores", Figures.Count(compared.DeclaredLosses.Length)],
            ["folders and messages compared", Figures.Count(compared.Compared)],
            ["mismatches", Figures.Count(compared.Mismatches.Length)],
        ];
        world.Output.Table("In the end", ["what", "count"], rows);
        return result;
    }
}

/// <summary>The figures of the last line.</summary>
public sealed record StoryResult(int Mailboxes, int RestorePoints, long Items, long Restored, ComparisonResult Compared)
{
    public bool IsGood => Compared.Mismatches.IsEmpty && Compared.Compared > 0 && Restored > 0;

    /// <summary>Why it is not good.</summary>
    public string Reason => Compared.Mismatches.Length > 0 ? "what was backed up or restored differs from the truth"
        : Restored == 0 ? "nothing was restored" : "nothing was compared";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"mailboxes={Mailboxes} restore-points={RestorePoints} items={Items} restored={Restored} compared={Compared.Compared} mismatches={Compared.Mismatches.Length}");
}
