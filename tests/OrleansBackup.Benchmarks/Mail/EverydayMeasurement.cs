using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Story;

namespace OrleansBackup.Benchmarks.Mail;

/// <summary>Many ordinary mailboxes: the first backup, a day on which nothing changed, and one message put back.</summary>
internal static class EverydayMeasurement
{
    private const int Restores = 5;

    public static async Task<IReadOnlyList<Figure>> RunAsync(MailBenchmarkOptions options, CancellationToken cancellation)
    {
        await using var system = await MeasuredSystem.StartAsync(cancellation);
        var made = await system.World.Simulator.Api.CreateTenantAsync(
            new SimulatedRecipe { Users = options.Mailboxes, MessagesPerMailbox = options.Messages, MailDirectory = options.Mail }, cancellation);
        var watch = Stopwatch.StartNew();
        var before = system.ServerCost();
        var tenant = await new Onboarding(system.World).RunAsync(made, cancellation);
        var first = await system.BackUpAsync(tenant, 0, cancellation);
        var figures = new List<Figure>();
        var source = first.Points.Values.Sum(point => point.LogicalBytes);
        Add(figures, "first backup", first.Items, source, first.Requests, watch.Elapsed, system.ServerCost().Processor - before.Processor);
        figures.Add(new Figure("stored bytes per source byte", Figures.Ratio((double)system.StoredBytes() / source)));

        await system.PassDayAsync(cancellation);
        (watch, before) = (Stopwatch.StartNew(), system.ServerCost());
        var unchanged = await system.BackUpAsync(tenant, 1, cancellation);
        Add(figures, "no-change run", unchanged.Items, unchanged.Points.Values.Sum(point => point.LogicalBytes), unchanged.Requests, watch.Elapsed,
            system.ServerCost().Processor - before.Processor);

        var times = new List<TimeSpan>();
        for (var i = 0; i < Restores; i++)
            times.Add(await RestoreOneAsync(system, tenant, i, cancellation));
        times.Sort();
        figures.Add(new Figure("restore of one message, from request to end, median", Milliseconds(times[Restores / 2])));
        figures.Add(new Figure("peak memory of the server", Figures.Bytes(system.ServerCost().PeakMemoryBytes)));
        return figures;
    }

    private static void Add(List<Figure> figures, string what, long items, long bytes, long requests, TimeSpan elapsed, TimeSpan processor)
    {
        figures.Add(new Figure($"{what}: items/s", Figures.Count((long)(items / elapsed.TotalSeconds))));
        figures.Add(new Figure($"{what}: MB/s of the source", Figures.Ratio(bytes / 1e6 / elapsed.TotalSeconds)));
        figures.Add(new Figure($"{what}: Graph requests per item", Figures.Ratio((double)requests / items)));
        figures.Add(new Figure($"{what}: processor ms per item, API reads included", Figures.Ratio(processor.TotalMilliseconds / items)));
        figures.Add(new Figure($"{what}: time", Milliseconds(elapsed)));
    }

    /// <summary>Deletes a message at the source and has it put back.</summary>
    private static async Task<TimeSpan> RestoreOneAsync(MeasuredSystem system, OnboardedTenant tenant, int number, CancellationToken cancellation)
    {
        var mailbox = tenant.Mailboxes[number % tenant.Mailboxes.Length];
        var state = await system.World.Simulator.Api.StateAsync(tenant.Simulated, mailbox.ObjectId, null, cancellation);
        var message = state.Messages.MinBy(message => message.Id, StringComparer.Ordinal)!;
        await system.World.Simulator.Api.DeleteMessageAsync(tenant.Simulated, mailbox.ObjectId, message.Id, cancellation);
        var watch = Stopwatch.StartNew();
        var job = await system.World.Api.PostAsync<AcceptedAnswer>($"{tenant.Path}/restores",
            new { resource = mailbox.ResourceId, point = "latest", selection = new { itemIds = new[] { message.Id } }, conflict = "skip" }, cancellation);
        await foreach (var status in system.World.Api.WatchAsync<RestoreAnswer>($"{tenant.Path}/restores/{job.Id}/events", cancellation))
        {
            if (status is { Ended: true, Restored: not 1 })
                throw new InvalidOperationException($"The measured restore ended as {status.State}: {status.Problem}");
        }
        return watch.Elapsed;
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N0} ms");
}
