using Orleans.Runtime;

namespace Orleans;

/// <summary>What every grain has: its surroundings, and a say when it comes and goes.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }
    Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The base of grain classes. Made by the engine only; its members work inside of an activation.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly Activation? _activation = Activation.BeingBuilt;

    /// <exception cref="InvalidOperationException">The grain was made outside of the engine.</exception>
    public IGrainContext GrainContext => Activation;

    public GrainReference GrainReference => Activation.GrainReference;

    /// <summary>The grain's id as text, for logs.</summary>
    public string IdentityString => Activation.GrainId.ToString();

    protected IGrainFactory GrainFactory => Activation.Runtime.Grains;

    protected internal IServiceProvider ServiceProvider => Activation.ActivationServices;

    private Activation Activation => _activation
        ?? throw new InvalidOperationException($"{GetType().Name} was not made by a silo, so it has no activation.");

    /// <summary>Runs before the first call. If it fails, the waiting calls fail with its exception and the activation is dropped.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last call. Not run when the process is killed.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Go when the calls that run now have ended; the next call finds a new activation.</summary>
    protected void DeactivateOnIdle() => Activation.Deactivate(
        new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The grain asked to go."));

    /// <summary>Stay at least this long even if idle; not positive takes an earlier wish back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}
