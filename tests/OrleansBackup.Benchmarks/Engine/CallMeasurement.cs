using OrleansBackup.Demo.Output;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>Calls from grain to grain, and grains that come and go.</summary>
internal static class CallMeasurement
{
    private const int CallsPerStep = 1000;
    private const int Idle = 100_000;
    private const int Passing = 100_000;
    private const int AtOnce = 16;

    public static async Task<IReadOnlyList<Figure>> RunAsync(MeasuredSilo silo, CancellationToken cancellation)
    {
        var one = await CallsAsync(silo, 1, cancellation);
        var many = await CallsAsync(silo, AtOnce, cancellation);
        await PassAsync(silo, "warm-up", Passing / 4, cancellation);
        var passing = await PassAsync(silo, "passing", Passing, cancellation);
        var memory = await MemoryAsync(silo, cancellation);
        return
        [
            new Figure("grain to grain, one chain: calls/s", Figures.Count((long)one.PerSecond)) { Number = one.PerSecond },
            new Figure("grain to grain, one chain: allocated per call", Figures.Bytes((long)one.BytesAllocated)) { Number = one.BytesAllocated },
            new Figure("grain to grain, 16 chains: calls/s", Figures.Count((long)many.PerSecond)) { Number = many.PerSecond },
            new Figure("grain to grain, 16 chains: allocated per call", Figures.Bytes((long)many.BytesAllocated)) { Number = many.BytesAllocated },
            new Figure("activated, called once and deactivated: grains/s", Figures.Count((long)passing)) { Number = passing },
            new Figure($"memory per idle activation, of {Figures.Count(Idle)}", Figures.Bytes(memory)) { Number = memory },
        ];
    }

    private static Task<Throughput> CallsAsync(MeasuredSilo silo, int chains, CancellationToken cancellation) =>
        Throughput.MeasureAsync(chains, (chain, _) => silo.Grain($"caller-{chain}").CallAsync($"called-{chain}", CallsPerStep), CallsPerStep, cancellation);

    private static async Task<double> PassAsync(MeasuredSilo silo, string prefix, int grains, CancellationToken cancellation)
    {
        var gone = Departures.Expect(grains);
        var begin = TimeProvider.System.GetTimestamp();
        await Parallel.ForAsync(0, grains, AtMost(cancellation), async (i, _) => await silo.Grain($"{prefix}-{i}").GoAway());
        await gone.WaitAsync(cancellation);
        return grains / TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
    }

    private static async Task<long> MemoryAsync(MeasuredSilo silo, CancellationToken cancellation)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForAsync(0, Idle, AtMost(cancellation), async (i, _) => await silo.Grain($"idle-{i}").Add(1));
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / Idle;
    }

    private static ParallelOptions AtMost(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
}
