using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>What is in memory, for the operators' page. Key: 0.</summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>Activations by grain class.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    /// <summary>Every activation, or those of the given grain classes.</summary>
    Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null);

    ValueTask<List<GrainId>> GetActiveGrains(GrainType type);

    Task<int> GetTotalActivationCount();

    /// <summary>Sends away whatever has been idle for <paramref name="ageLimit"/>, at once.</summary>
    Task ForceActivationCollection(TimeSpan ageLimit);
}

/// <summary>How many activations of one grain class there are.</summary>
[GenerateSerializer, Immutable]
public sealed class SimpleGrainStatistic
{
    /// <summary>The full name of the grain class.</summary>
    [Id(0)]
    public string GrainType { get; init; } = "";

    [Id(1)]
    public SiloAddress SiloAddress { get; init; } = SiloAddress.Local;

    [Id(2)]
    public int ActivationCount { get; init; }

    public override string ToString() => $"{ActivationCount} of {GrainType} on {SiloAddress}";
}

/// <summary>One activation.</summary>
[GenerateSerializer, Immutable]
public sealed class DetailedGrainStatistic
{
    /// <inheritdoc cref="SimpleGrainStatistic.GrainType"/>
    [Id(0)]
    public string GrainType { get; init; } = "";

    [Id(1)]
    public SiloAddress SiloAddress { get; init; } = SiloAddress.Local;

    [Id(2)]
    public GrainId GrainId { get; init; }
}

/// <inheritdoc cref="IManagementGrain"/>
[StatelessWorker(1)]
internal sealed class ManagementGrain(SiloRuntime runtime) : Grain, IManagementGrain
{
    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() => Task.FromResult(runtime.Directory.All
        .CountBy(activation => activation.Class)
        .Select(entry => new SimpleGrainStatistic { GrainType = entry.Key.Type.FullName!, ActivationCount = entry.Value })
        .OrderBy(statistic => statistic.GrainType, StringComparer.Ordinal)
        .ToArray());

    public Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null) =>
        Task.FromResult(runtime.Directory.All
            .Where(activation => types is null || types.Contains(activation.Class.Type.FullName))
            .Select(activation => new DetailedGrainStatistic { GrainType = activation.Class.Type.FullName!, GrainId = activation.GrainId })
            .ToArray());

    public ValueTask<List<GrainId>> GetActiveGrains(GrainType type) =>
        new(runtime.Directory.All.Where(activation => activation.GrainId.Type == type).Select(activation => activation.GrainId).ToList());

    public Task<int> GetTotalActivationCount() => Task.FromResult(runtime.Directory.All.Count());

    public Task ForceActivationCollection(TimeSpan ageLimit)
    {
        runtime.CollectIdle(ageLimit);
        return Task.CompletedTask;
    }
}
