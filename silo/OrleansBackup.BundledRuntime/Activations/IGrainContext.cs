namespace Orleans.Runtime;

/// <summary>What a grain's surroundings know of its activation.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    GrainId GrainId { get; }
    GrainReference GrainReference { get; }

    /// <summary>The grain, once its constructor has run.</summary>
    object? GrainInstance { get; }

    /// <summary>Services that live as long as this activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Ends when the activation is gone.</summary>
    Task Deactivated { get; }

    /// <summary>Asks the activation to go when what runs now has ended. Returns at once.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
