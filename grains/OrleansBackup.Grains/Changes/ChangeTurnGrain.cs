using Orleans;
using Orleans.Concurrency;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Changes;

namespace OrleansBackup.Grains.Changes;

/// <summary>Gives the turn to one after the other.</summary>
[Reentrant]
internal sealed class ChangeTurnGrain(TimeProvider time) : Grain, IChangeTurnGrain
{
    private const int MostWaiting = 100;

    private Turn? _turn;
    private int _waiting;

    public async Task<Guid> Take(CancellationToken cancellation)
    {
        if (_waiting >= MostWaiting)
            throw new NotPossibleNowException("Too many changes of the same thing wait for each other; try again in a moment.");
        _waiting++;
        try
        {
            while (_turn is { } taken && taken.Until > time.GetUtcNow())
                await Task.WhenAny(taken.Ended.Task, Task.Delay(taken.Until - time.GetUtcNow(), time, cancellation)).WaitAsync(cancellation);
        }
        finally
        {
            _waiting--;
        }
        _turn = new Turn(Guid.NewGuid(), time.GetUtcNow() + ChangeGrains.LongestTurn, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _turn.Id;
    }

    public Task GiveBack(Guid turn, CancellationToken cancellation)
    {
        if (_turn is { } taken && taken.Id == turn)
        {
            _turn = null;
            taken.Ended.SetResult();
        }
        return Task.CompletedTask;
    }

    private sealed record Turn(Guid Id, DateTimeOffset Until, TaskCompletionSource Ended);
}
