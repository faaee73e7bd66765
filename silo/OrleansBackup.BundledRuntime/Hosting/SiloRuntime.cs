using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansBackup.BundledRuntime;

namespace Orleans.Runtime;

/// <summary>One silo: everything that lives as long as the host does, in one place.</summary>
internal sealed partial class SiloRuntime : IDisposable
{
    private volatile bool _isRunning;
    private volatile bool _isStopping;
    private volatile bool _isAbandoned;
    private IdleCollector? _collector;

    public SiloRuntime(
        IServiceProvider services, TimeProvider time, IOptions<SiloMessagingOptions> messaging, IOptions<GrainCollectionOptions> collection,
        IEnumerable<IIncomingGrainCallFilter> incoming, IEnumerable<IOutgoingGrainCallFilter> outgoing, ILogger<SiloRuntime> log)
    {
        Services = services;
        Time = time;
        Log = log;
        Collection = collection.Value;
        ResponseTimeout = messaging.Value.ResponseTimeout;
        MostWaitingCalls = messaging.Value.MaxEnqueuedRequestsHardLimit is > 0 and var most ? most : int.MaxValue;
        Catalog = new GrainCatalog(GrainAssemblies.GrainClasses, Collection);
        Directory = new ActivationDirectory(this);
        Pending = new PendingAnswers(time);
        Statistics = new CallStatistics(time);
        References = new ReferenceFactory(this);
        Filters = new FilterChain(incoming, outgoing);
    }

    internal IServiceProvider Services { get; }
    internal TimeProvider Time { get; }
    internal ILogger Log { get; }
    internal GrainCollectionOptions Collection { get; }
    internal TimeSpan ResponseTimeout { get; }
    internal int MostWaitingCalls { get; }
    internal GrainCatalog Catalog { get; }
    internal ActivationDirectory Directory { get; }
    internal PendingAnswers Pending { get; }
    internal CallStatistics Statistics { get; }
    internal ReferenceFactory References { get; }
    internal IGrainFactory Grains => References;
    internal FilterChain Filters { get; }

    /// <summary>The silo ended without having been stopped: nothing of it runs any more.</summary>
    internal bool IsAbandoned => _isAbandoned;

    internal void Start()
    {
        _collector = new IdleCollector(this, Collection);
        _isRunning = true;
    }

    internal void CollectIdle(TimeSpan age) => _collector?.Collect(age);

    /// <summary>Brings a call to its grain, which comes to life for it if need be.</summary>
    internal void Deliver(GrainReference target, GrainCall call) => Directory.Deliver(target.GrainId, target.GrainClass, call);

    /// <exception cref="SiloUnavailableException">The silo does not run, or stops and the caller is no grain of it.</exception>
    internal void ThrowIfUnavailable()
    {
        if (!_isRunning || (_isStopping && Activation.Current is null))
            throw new SiloUnavailableException(_isStopping ? "The silo is stopping." : "The silo is not running.");
    }

    /// <summary>Brings a call that an activation could not take any more to the next one.</summary>
    internal void Redeliver(GrainClass grainClass, GrainCall call)
    {
        if (_isStopping)
            call.Refuse(new SiloUnavailableException("The silo is stopping."));
        else
            Directory.Deliver(call.Target, grainClass, call);
    }

    /// <summary>Lets every grain go in order. What has not gone when <paramref name="cancellation"/> comes is abandoned.</summary>
    internal async Task StopAsync(CancellationToken cancellation)
    {
        _isStopping = true;
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping.");
        try
        {
            // Grains that say goodbye may wake others, so it takes rounds.
            while (!Directory.IsEmpty)
            {
                var leaving = new List<Task>();
                foreach (var activation in Directory.All)
                {
                    activation.Deactivate(reason, CancellationToken.None);
                    leaving.Add(activation.Deactivated);
                }
                await Task.WhenAll(leaving).WaitAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            LogNotAllGone(Log, Directory.All.Count());
        }
        Dispose();
    }

    /// <summary>Without <see cref="StopAsync"/> before it, this is the abrupt end: no grain is told.</summary>
    public void Dispose()
    {
        if (_isAbandoned)
            return;
        _isAbandoned = true;
        _isRunning = false;
        _collector?.Dispose();
        Pending.Close(new SiloUnavailableException("The silo has stopped."));
        Pending.Dispose();
    }

    [LoggerMessage(7001, LogLevel.Warning, "The silo stops although {Count} activations have not gone yet")]
    private static partial void LogNotAllGone(ILogger log, int count);
}
