using System.Diagnostics;

namespace OrleansBackup.Demo;

/// <summary>Waits for something that another process does: looks again and again, up to a limit, and says what it waited for.</summary>
/// <param name="alive">Throws when there is no point in waiting any longer, such as when a process has ended.</param>
public sealed class Patience(Action alive)
{
    /// <summary>How long something may show no progress before the demonstration gives up.</summary>
    /// <remarks>Longer than the ten minutes in which Microsoft counts a mailbox's requests: waiting for the next ten is no stall.</remarks>
    public static readonly TimeSpan Stall = TimeSpan.FromMinutes(12);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks until the answer is not null.</summary>
    /// <exception cref="DemoFailedException">Nothing came within <paramref name="limit"/>.</exception>
    public async Task<T> ForAsync<T>(string what, TimeSpan limit, Func<CancellationToken, Task<T?>> look, CancellationToken cancellation)
        where T : class
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            alive();
            if (await look(cancellation) is { } found)
                return found;
            if (since.Elapsed > limit)
                throw new DemoFailedException($"waited {limit.TotalSeconds:0} s for {what}");
            await Task.Delay(Interval, cancellation);
        }
    }

    /// <summary>Asks until it is done. The limit counts from the last change of the progress mark, so long work may take long.</summary>
    /// <param name="what">What is waited for, for the message when it does not come.</param>
    /// <param name="look">Whether it is done, and a text that changes whenever there was progress.</param>
    public async Task WhileProgressingAsync(string what, Func<CancellationToken, Task<(bool Done, string Mark)>> look, CancellationToken cancellation)
    {
        var since = Stopwatch.StartNew();
        var last = "";
        while (true)
        {
            alive();
            var (done, mark) = await look(cancellation);
            if (done)
                return;
            if (mark != last)
                (last, since) = (mark, Stopwatch.StartNew());
            if (since.Elapsed > Stall)
                throw new DemoFailedException($"{what}: no progress for {Stall.TotalSeconds:0} s; last seen: {mark}");
            await Task.Delay(Interval, cancellation);
        }
    }
}
