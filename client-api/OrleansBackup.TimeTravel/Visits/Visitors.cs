using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.TimeTravel.Visits;

/// <summary>What came of somebody's trying to get in.</summary>
internal enum Entry
{
    Refused,

    /// <summary>Not even looked at: too many wrong passwords came from there.</summary>
    NotListenedTo,

    LetIn,
}

/// <summary>The door: lets programs into openings, with the opening's own name and password and nothing else, and knows who is in.</summary>
internal sealed class Visitors(IGrainFactory grains, SignInGuard guard, IOptions<TimeTravelOptions> options, TimeProvider time, ILogger<Visitors> log) : IHostedService, IDisposable
{
    private readonly Dictionary<string, (OpeningWatch Watch, Task Run)> _watches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();

    public async Task<(Entry Entry, Visit? Visit)> EnterAsync(string user, string password, OpeningProtocol protocol, IPAddress from, CancellationToken cancellation)
    {
        if (!guard.MayTry(from, user))
            return (Entry.NotListenedTo, null);
        if (!OpeningId.TryParse(user, out var opening)
            || await grains.Openings(opening.Tenant).Enter(opening, OpeningPassword.HashOf(password), protocol, from.ToString(), cancellation) is not { } opened)
        {
            guard.Wrong(from, OpeningId.TryParse(user, out _) ? user : ""); // names that cannot be one share a place
            return (Entry.Refused, null);
        }
        return (Entry.LetIn, new Visit(Join(opening), opened, grains));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        List<Task> runs;
        lock (_lock)
            runs = [.. _watches.Values.Select(one => one.Run)];
        await Task.WhenAll(runs).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private OpeningWatch Join(OpeningId opening)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(opening.Text, out var present) && present.Watch.TryJoin())
                return present.Watch;
            var watch = new OpeningWatch(opening, grains.Openings(opening.Tenant), options.Value.CheckEvery, time, log);
            watch.TryJoin();
            _watches[opening.Text] = (watch, RunAsync(opening, watch));
            return watch;
        }
    }

    private async Task RunAsync(OpeningId opening, OpeningWatch watch)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await watch.RunAsync(_stopping.Token);
        }
        finally
        {
            lock (_lock)
                if (_watches.TryGetValue(opening.Text, out var present) && present.Watch == watch)
                    _watches.Remove(opening.Text);
            watch.Dispose();
        }
    }
}
