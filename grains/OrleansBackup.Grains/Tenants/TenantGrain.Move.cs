using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Moving;

namespace OrleansBackup.Grains.Tenants;

/// <summary>How a tenant moves to another store. What is copied, compared and erased is <see cref="TenantMove"/>; this state decides where the tenant is.</summary>
internal sealed partial class TenantGrain
{
    private const string Move = "move";
    private const int KeptMoves = 20, AttemptsBeforeGivingUp = 6;
    private static readonly TimeSpan RetentionTick = TimeSpan.FromDays(1);

    private volatile string? _moveStep;

    private TenantMoveStatus? OpenMove => State.Moves is [{ IsOpen: true } move, ..] ? move : null;

    public Task<TenantPlace> GetPlace(CancellationToken cancellation) => Task.FromResult(new TenantPlace(StoreName,
        State.Destruction is { State: not DestructionState.Failed } && State.Access is null || State.Destruction is { IsOpen: true } ? "The contract of this tenant has ended; its backups are destroyed."
        : OpenMove is { State: MoveState.Copying } move ? $"The tenant's backups are being moved to the store '{move.To}'; until they are there nothing new is written."
        : null)
    {
        RunsHalted = State.Contract?.RunsHalted, ExpiryHalted = State.Contract?.ExpiryHalted,
    });

    public async Task<TenantMoveStatus> StartMove(string store, string who, string why, CancellationToken cancellation)
    {
        RequireOnboarded();
        var asked = Decision.Of(who, why, Now);
        if (OpenMove is { } open)
            return open.To == store ? open : throw new NotPossibleNowException($"The tenant is being moved to the store '{open.To}' already; wait until that has ended.");
        RequireNotEnding();
        var target = stores.Of(store);
        if (store == StoreName)
            throw new InvalidRequestException("store", $"The tenant's backups are in the store '{store}' already.");
        await TryAsync(async () => { await VaultStores.RequireAsync(target, State.Storage, "store", cancellation); return true; });
        await _keeper.ChangeAsync(state => state with
        {
            Moves = [new TenantMoveStatus(StoreName, store, asked, MoveState.Copying, "Accepted", null, null, null, 0, 0, 0, 0, 0, [], 0, null), .. state.Moves.Take(KeptMoves - 1)],
        });
        LogMoveAsked(log, Tenant, StoreName, store, who);
        await _move.StartAsync();
        return OpenMove!;
    }

    public Task<ImmutableArray<TenantMoveStatus>> ListMoves(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(_moveStep is { } step && OpenMove is { State: MoveState.Copying } move && _move.IsGoing ? State.Moves.SetItem(0, move with { Step = step }) : State.Moves);
    }

    private LongJob MoveJob() => new(this, _leaving.Token)
    {
        Reminder = Move,
        IsOpen = () => OpenMove is not null,
        IsTime = () => LongJob.HasRested(OpenMove!.LastAttemptAt, OpenMove.State == MoveState.WaitingForRetention ? RetentionTick : RetryBackoff.After(OpenMove.Attempts), Now),
        Attempt = MoveOnceAsync,
        Failed = MoveFailedAsync,
    };

    private async Task MoveOnceAsync(CancellationToken cancellation)
    {
        var move = OpenMove!;
        var (from, to) = (stores.Of(move.From), stores.Of(move.To));
        if (move.SwitchedAt is null)
        {
            await SayAsync("Waiting until nothing of the tenant is written any more");
            await QuietAsync(cancellation);
        }
        else if (await RestoringAsync())
        {
            return; // it reads from the old store; the next tick looks again
        }
        var journal = new MoveJournal(this, TaskScheduler.Current);
        var copying = new CopyProgress(to.Store, journal.Step);
        try
        {
            // Reading and hashing everything twice would block every call to this grain. Its journal comes back to the grain's turns.
            var report = await Task.Run(() => new TenantMove(Tenant.ToString(), from.Store, copying, journal, to.Repository.Keeping).RunAsync(cancellation), cancellation);
            await ChangeMoveAsync(state => state with
            {
                State = report.Retained > 0 ? MoveState.WaitingForRetention : MoveState.Done, EndedAt = report.Retained > 0 ? null : Now, Problem = null, Attempts = 0, LastAttemptAt = Now,
                Erased = state.Erased + report.Erased, Late = state.Late + report.Late, Retained = report.Retained, Strays = [.. report.Strays.Select(name => name.Value)],
                Step = report.Retained > 0 ? "The old store may not delete everything yet; tried again each day" : "Ended",
            });
            await GrainFactory.Audit(Tenant).NoteAsync(AuditActs.Service, AuditActs.Move, Tenant.ToString(), cancellation, ("from", move.From), ("to", move.To), ("objects", $"{move.Objects}"));
            LogMoved(log, Tenant, move.From, move.To, report.Erased, report.Strays.Length);
        }
        catch (RestoreReadsOldStoreException)
        {
            // switched; the next tick erases once no restore reads there any more
        }
    }

    private async Task MoveFailedAsync(Exception exception)
    {
        LogMoveFailed(log, Tenant, exception);
        await ChangeMoveAsync(move =>
        {
            // Before the switch the tenant waits, so it does not wait long; after it there is no way back, and nobody waits.
            var isOver = move.SwitchedAt is null && (move.Attempts + 1 >= AttemptsBeforeGivingUp || exception is VaultException { IsTransient: false } or ServiceException);
            return move with
            {
                Attempts = move.Attempts + 1, LastAttemptAt = Now, Problem = LongJob.Tell(exception), EndedAt = isOver ? Now : null,
                State = isOver ? MoveState.Failed : move.State, Step = isOver ? "Given up; the tenant is where it was" : "Tried again by itself",
            };
        });
        if (OpenMove is null)
            await WakeResourcesAsync();
    }

    /// <summary>Answers when nothing of the tenant is written any more. New work does not begin, since <see cref="GetPlace"/> says that it is paused.</summary>
    private async Task QuietAsync(CancellationToken cancellation)
    {
        await (_sweep ?? Task.CompletedTask).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await WithPartsAsync((part, _, token) => part.Quiesce(token), cancellation);
    }

    private Task WakeResourcesAsync() => WithPartsAsync((part, _, token) => part.Wake(token), _leaving.Token);

    private async Task<bool> RestoringAsync()
    {
        foreach (var job in State.Restores)
        {
            if ((await GrainFactory.Restore(Tenant, job).GetStatus(_leaving.Token)).Ended)
                continue;
            await SayAsync("Waiting until no restore reads from the old store any more");
            return true;
        }
        return false;
    }

    /// <summary>What waited for the switch goes on.</summary>
    /// <returns>Whether the old store may be erased now.</returns>
    private async Task<bool> SwitchedAsync(VerifiedCopy verified)
    {
        LogSwitched(log, Tenant, StoreName, verified.Objects, verified.Bytes);
        await WakeResourcesAsync();
        return !await RestoringAsync();
    }

    private Task SayAsync(string step) => ChangeMoveAsync(move => move with { Step = step });

    private Task ChangeMoveAsync(Func<TenantMoveStatus, TenantMoveStatus> change) =>
        _keeper.ChangeAsync(state => state with { Moves = state.Moves.SetItem(0, change(state.Moves[0])) });

    /// <summary>What one attempt asks and tells the grain, each in a turn of its own.</summary>
    private sealed class MoveJournal(TenantGrain grain, TaskScheduler turns) : IMoveJournal
    {
        public Task<bool> IsSwitchedAsync(CancellationToken cancellation) => OnTurnAsync(() => Task.FromResult(grain.State.Moves[0].SwitchedAt is not null));

        public Task SwitchAsync(VerifiedCopy verified, CancellationToken cancellation) => OnTurnAsync(async () =>
        {
            await grain._keeper.ChangeAsync(state => state with
            {
                Store = state.Moves[0].To,
                Moves = state.Moves.SetItem(0, state.Moves[0] with
                {
                    State = MoveState.Erasing, SwitchedAt = grain.Now, Objects = verified.Objects, Bytes = verified.Bytes, Step = "Erasing at the old store", Problem = null, Attempts = 0,
                }),
            });
            return await grain.SwitchedAsync(verified) ? true : throw new RestoreReadsOldStoreException();
        });

        /// <summary>For whoever watches; lost in a crash, as the attempt is.</summary>
        public void Step(string what) => grain._moveStep = what;

        private Task<T> OnTurnAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, turns).Unwrap();
    }

    private sealed class RestoreReadsOldStoreException : Exception;

    [LoggerMessage(2410, LogLevel.Information, "Tenant {Tenant} is to move from store {From} to {To}, asked by {Who}")]
    private static partial void LogMoveAsked(ILogger log, TenantId tenant, string from, string to, string who);

    [LoggerMessage(2416, LogLevel.Information, "Tenant {Tenant} is in store {Store} now; {Objects} objects with {Bytes} bytes were compared")]
    private static partial void LogSwitched(ILogger log, TenantId tenant, string store, long objects, long bytes);

    [LoggerMessage(2417, LogLevel.Information, "Tenant {Tenant} has moved from store {From} to {To}: {Erased} objects erased, {Strays} left as strays")]
    private static partial void LogMoved(ILogger log, TenantId tenant, string from, string to, long erased, int strays);

    [LoggerMessage(2418, LogLevel.Error, "The move of tenant {Tenant} was interrupted by an error")]
    private static partial void LogMoveFailed(ILogger log, TenantId tenant, Exception exception);
}
