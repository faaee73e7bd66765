using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>The whole story in its order: a customer comes, is backed up, lives, loses things and gets them back; then the proof, and a rehearsal.</summary>
internal sealed class DemoStory(DemoWorld world, string serverDataFolder)
{
    private readonly List<LivedDay> _days = [];
    private readonly List<DayFigures> _figures = [];

    public async Task<StoryResult> TellAsync(CancellationToken cancellation)
    {
        var tenant = await BeginAsync(cancellation);
        await FirstBackupAsync(tenant, cancellation);
        world.Output.Heading($"{world.Options.Days} {(world.Options.Days == 1 ? "day" : "days")} of life, one daily run each");
        var (lost, taken) = (ImmutableArray<LostThing>.Empty, ImmutableArray<TakenThing>.Empty);
        for (var day = 1; day <= world.Options.Days; day++)
            (tenant, lost, taken) = await LiveAsync(tenant, day, cancellation);
        var chosen = _days[Timeline.ChosenDay(world.Options.Days)];
        world.Output.Heading($"Putting it back as it was on {chosen.Day:yyyy-MM-dd}, day {chosen.Number} of {world.Options.Days}");
        var restoring = new Restoring(world, tenant, chosen);
        var restored = new List<RestoredThing>();
        foreach (var thing in lost)
            restored.Add(await restoring.RunAsync(thing, cancellation));
        var putBack = new List<PutBackThing>();
        foreach (var thing in taken)
            putBack.Add(await restoring.RunAsync(thing, cancellation));
        world.Output.Heading("Comparing with the simulator's own history");
        var (mail, things) = (new Proof(world, tenant), new ThingProof(world, tenant));
        var compared = await mail.OfRestoresAsync(restored, cancellation) + await mail.OfPointsAsync(_days, cancellation);
        var kinds = await things.OfPointsAsync(_days, cancellation);
        compared += (await things.OfRestoresAsync(putBack, cancellation)).Total + kinds.Total + await things.OfSilenceAsync(cancellation);
        world.Output.Heading("A rehearsal: items that nobody chose are restored, compared and taken away");
        var rehearsed = await new Rehearsing(world, tenant).RunAsync(cancellation);
        return await CloseAsync(tenant, [.. restored.Select(thing => thing.Status), .. putBack.Select(thing => thing.Status)], compared, kinds.ByKind.Count, rehearsed, cancellation);
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
        var kill = world.Options.Kill ? new Disturbance(afterItems: Math.Max(20, tenant.Resources.Length * 10), KillAndStartAsync) : null;
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

    private async Task<(OnboardedTenant Tenant, ImmutableArray<LostThing> Lost, ImmutableArray<TakenThing> Taken)> LiveAsync(OnboardedTenant tenant, int day, CancellationToken cancellation)
    {
        var lived = await world.Simulator.Api.LiveDayAsync(tenant.Simulated, day, cancellation);
        world.Output.Line($"day {day} ({Timeline.Day(day):ddd yyyy-MM-dd}): {lived}");
        var (lost, taken) = (ImmutableArray<LostThing>.Empty, ImmutableArray<TakenThing>.Empty);
        if (day == world.Options.Days)
        {
            lost = await new Loss(world, tenant, _days[Timeline.ChosenDay(world.Options.Days)]).RunAsync(cancellation);
            taken = await new ThingLoss(world, tenant, _days[Timeline.ChosenDay(world.Options.Days)]).RunAsync([.. lost.Select(thing => thing.Mailbox)], cancellation);
        }
        await world.Api.PostAsync<ClockAnswer>("/operations/clock", new { set = await world.Simulator.Api.NowAsync(cancellation) }, cancellation);
        if (lived.PeopleChanged)
            tenant = await new Onboarding(world).DiscoverAsync(tenant, cancellation);
        await BackUpAsync(tenant, day, null, cancellation);
        return (tenant, lost, taken);
    }

    private async Task BackUpAsync(OnboardedTenant tenant, int day, Disturbance? disturb, CancellationToken cancellation)
    {
        _days.Add(new LivedDay(day, Timeline.Day(day), await world.Simulator.Api.NowAsync(cancellation), tenant.Resources));
        DayFigures? figures = null;
        var title = day == 0 ? "first full backup" : $"daily run of day {day}";
        await world.Output.ProgressAsync(async board =>
            figures = await new DayOfBackups(world, tenant).WaitAsync(Timeline.Day(day), title, board, disturb, cancellation));
        _figures.Add(figures!);
        world.Output.Line($"{title}: {figures!.Points.Count} restore points of {Figures.Count(figures.Items)} items; {Figures.Count(figures.Handled)} changes, "
            + $"{Figures.Count(figures.Requests)} requests, {Figures.Bytes(figures.DownloadedBytes)} downloaded, {figures.Debts} debts");
    }

    private async Task KillAndStartAsync(CancellationToken cancellation)
    {
        world.Output.Line($"kill -9 {world.Server.ProcessId}: the server is gone in the middle of the run");
        await world.Server.KillAsync(cancellation);
        await world.Server.StartAsync(await world.Simulator.Api.NowAsync(cancellation), cancellation);
        world.Output.Line($"started again as process {world.Server.ProcessId}; nobody asks it to go on");
    }

    private async Task<StoryResult> CloseAsync(OnboardedTenant tenant, IReadOnlyCollection<RestoreAnswer> restores, ComparisonResult compared, int kinds, RehearsalAnswer rehearsed, CancellationToken cancellation)
    {
        var points = 0;
        foreach (var resource in tenant.Resources)
            points += (await world.Api.GetAsync<PointsAnswer>($"{resource.Path}/points", cancellation)).Points.Length;
        var source = _figures[^1].Points.Values.Sum(point => point.LogicalBytes);
        var stored = new DirectoryInfo(Path.Combine(serverDataFolder, "vault")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        var requests = _figures.Sum(day => day.Requests);
        var handled = _figures.Sum(day => day.Handled);
        var result = new StoryResult(tenant.Mailboxes.Length, tenant.Resources.Length, points, kinds, _figures[^1].Items, restores.Sum(restore => restore.Restored), compared);
        ImmutableArray<ImmutableArray<string>> rows =
        [
            ["mailboxes, OneDrives, sites and teams", Figures.Count(result.Resources)],
            ["restore points", Figures.Count(points)],
            ["items in the newest points", Figures.Count(result.Items)],
            ["items and changes handled", Figures.Count(handled)],
            ["bytes at the source, newest points", Figures.Bytes(source)],
            ["bytes stored, all points", Figures.Bytes(stored)],
            ["requests to Microsoft 365", Figures.Count(requests)],
            ["requests per item handled", Figures.Ratio((double)requests / handled)],
            ["restores", Figures.Count(restores.Count)],
            ["items restored", Figures.Count(result.Restored)],
            ["items skipped, still there", Figures.Count(restores.Sum(restore => restore.Skipped))],
            ["items not restored", Figures.Count(restores.Sum(restore => restore.Failed))],
            ["losses declared by the restores", Figures.Count(compared.DeclaredLosses.Length)],
            ["folders and items compared", Figures.Count(compared.Compared)],
            ["mismatches", Figures.Count(compared.Mismatches.Length)],
            ["items drawn by the rehearsal", Figures.Count(rehearsed.Drawn)],
            ["of these restored, compared and taken away", Figures.Count(rehearsed.Restored)],
            ["of these not as they were", Figures.Count(rehearsed.Failed)],
        ];
        world.Output.Table("In the end", ["what", "count"], rows);
        return result;
    }
}

/// <summary>The figures of the last line.</summary>
/// <param name="Kinds">Of data beside mail that were compared.</param>
public sealed record StoryResult(int Mailboxes, int Resources, int RestorePoints, int Kinds, long Items, long Restored, ComparisonResult Compared)
{
    public bool IsGood => Compared.Mismatches.IsEmpty && Compared.Compared > 0 && Restored > 0;

    /// <summary>Why it is not good.</summary>
    public string Reason => Compared.Mismatches.Length > 0 ? "what was backed up or restored differs from the truth"
        : Restored == 0 ? "nothing was restored" : "nothing was compared";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"mailboxes={Mailboxes} resources={Resources} restore-points={RestorePoints} kinds={Kinds} items={Items} restored={Restored} compared={Compared.Compared} mismatches={Compared.Mismatches.Length}");
}
