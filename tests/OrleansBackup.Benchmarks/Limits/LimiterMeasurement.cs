using System.Globalization;
using OrleansBackup.Demo.Output;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Limits;

namespace OrleansBackup.Benchmarks.Limits;

/// <summary>The same requests to many mailboxes, once behind the server's limiter per mailbox and once behind one limiter for the whole process.</summary>
/// <remarks>
/// In simulated time: the server's own limiter classes decide when a request goes, and an answer takes a seeded 60 to 240 ms. The one for
/// the whole process is set as such limiters usually are: 9,600 requests within 10 minutes, 4 at once.
/// </remarks>
internal static class LimiterMeasurement
{
    private const int Mailboxes = 50;
    private const int RequestsPerMailbox = 12_000;

    /// <summary>Requests that a run keeps waiting at the limiter for one mailbox.</summary>
    private const int Breadth = 8;

    public static IReadOnlyList<Figure> Run()
    {
        var each = Measure(new GraphClientOptions(), number => $"mailbox-{number}");
        var open = Measure(new GraphClientOptions { RequestsPerMailbox = Breadth, RequestsPerWindow = int.MaxValue }, number => $"mailbox-{number}");
        var one = Measure(new GraphClientOptions { RequestsPerWindow = 9_600 }, _ => "the whole process");
        return
        [
            new Figure("a limiter per mailbox: simulated time", Time(each.Elapsed)),
            new Figure("a limiter per mailbox: refused for concurrency", Figures.Count(each.RefusedForConcurrency), "0"),
            new Figure("a limiter per mailbox: refused for rate", Figures.Count(each.RefusedForRate), "0"),
            new Figure("a limiter that lets all through: refused for concurrency", Figures.Count(open.RefusedForConcurrency), "more than 0: the judge refuses"),
            new Figure("a limiter that lets all through: refused for rate", Figures.Count(open.RefusedForRate), "more than 0: the judge refuses"),
            new Figure("one limiter for the process: simulated time", Time(one.Elapsed)),
            new Figure("times faster with a limiter per mailbox", (one.Elapsed / each.Elapsed).ToString("N1", CultureInfo.InvariantCulture), "at least 10"),
        ];
    }

    public static string Title { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{Mailboxes} mailboxes, {RequestsPerMailbox:N0} requests each, under Microsoft's limits (simulated time)");

    private static Measured Measure(GraphClientOptions options, Func<int, string> limiterOf)
    {
        var time = new VirtualTime();
        var limiters = new MailboxLimiters(options, time);
        var service = Enumerable.Range(0, Mailboxes).Select(_ => new GrantedByMicrosoft(time)).ToArray();
        time.Run(() => Task.WhenAll(Enumerable.Range(0, Mailboxes * Breadth).Select(worker =>
            WorkAsync(time, () => limiters.Get("tenant", limiterOf(worker % Mailboxes)), service[worker % Mailboxes], new Random(worker)))));
        return new Measured(time.Elapsed, service.Sum(mailbox => mailbox.RefusedForConcurrency), service.Sum(mailbox => mailbox.RefusedForRate));
    }

    private static async Task WorkAsync(VirtualTime time, Func<MailboxLimiter> limiter, GrantedByMicrosoft service, Random random)
    {
        for (var i = 0; i < RequestsPerMailbox / Breadth; i++)
        {
            // No token: simulated time needs every step on one thread, and nothing cancels here.
            using var slot = await limiter().EnterAsync(slots: 1, requests: 1, uploadBytes: 0, CancellationToken.None);
            service.Begin();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60, 240)), time, CancellationToken.None);
            service.End();
            slot.Succeeded();
        }
    }

    private static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:N1} min");

    private sealed record Measured(TimeSpan Elapsed, long RefusedForConcurrency, long RefusedForRate);
}
