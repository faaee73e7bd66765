using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans;
using OrleansBackup.GrainInterfaces.Operations;

namespace OrleansBackup.Silo.Operations;

/// <summary>Counts calls of grains where the engine has no figures of its own that a page could read: how many, how long, how they ended.</summary>
internal sealed class OrleansCallMeter(TimeProvider time) : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(string Grain, string Method), Figures> _figures = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var start = time.GetTimestamp();
        var failed = true;
        try
        {
            await context.Invoke();
            failed = false;
        }
        finally
        {
            _figures.GetOrAdd((ShortName(context.InterfaceName), context.MethodName), _ => new Figures()).Add(time.GetElapsedTime(start), failed);
        }
    }

    public ImmutableArray<CallStatistics> Read() => [.. _figures.Select(entry => entry.Value.Read(entry.Key.Grain, entry.Key.Method))];

    private static string ShortName(string fullName) => fullName[(fullName.LastIndexOf('.') + 1)..];

    private sealed class Figures
    {
        private readonly Lock _lock = new();
        private long _calls;
        private long _errors;
        private TimeSpan _sum;
        private TimeSpan _worst;

        public void Add(TimeSpan took, bool failed)
        {
            lock (_lock)
            {
                _calls++;
                _errors += failed ? 1 : 0;
                _sum += took;
                _worst = took > _worst ? took : _worst;
            }
        }

        public CallStatistics Read(string grain, string method)
        {
            lock (_lock)
                return new CallStatistics(grain, method, _calls, _errors, _sum / _calls, _worst);
        }
    }
}
