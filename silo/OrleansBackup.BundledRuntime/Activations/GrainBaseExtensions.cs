using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans;

/// <summary>What a grain can ask of its activation.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Go when the calls that run now have ended; the next call finds a new activation.</summary>
    public static void DeactivateOnIdle(this IGrainBase grain) => ContextOf(grain).Deactivate(
        new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The grain asked to go."));

    /// <summary>A timer of this activation: its callback runs as a turn, and it ends with the activation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return GrainTimer.Start((Activation)ContextOf(grain), callback, options);
    }

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options) =>
        grain.RegisterGrainTimer(_ => callback(), options);

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(callback, new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(_ => callback(), new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options) =>
        grain.RegisterGrainTimer(cancellation => callback(state, cancellation), options);

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(cancellation => callback(state, cancellation), new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options) =>
        grain.RegisterGrainTimer(_ => callback(state), options);

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(_ => callback(state), new GrainTimerCreationOptions(dueTime, period));

    private static IGrainContext ContextOf(IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain.GrainContext;
    }
}
