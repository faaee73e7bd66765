using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Restores;

internal sealed partial class RestoreGrain
{
    /// <summary>What the work of one attempt tells the grain. The work runs beside the grain's turns, so whatever touches the grain's state is done in one.</summary>
    private sealed class Ledger(RestoreGrain grain, TaskScheduler turns, bool interrupted) : IRestoreLedger
    {
        private ImmutableList<string> _warnings = [];

        // Read in a turn when the attempt begins; afterwards only this attempt moves them.
        public int PagesDone { get; private set; } = grain.Status.OutcomePages;

        public bool Counted { get; private set; } = grain._keeper.State.Counted;

        public bool Interrupted { get; private set; } = interrupted;

        public ImmutableList<string> Warnings => _warnings;

        public Task<ImmutableArray<ItemOutcome>> ReadPageAsync(int page) => OnTurnAsync(() => grain.OutlastAsync(() => grain.Outcomes(page).Read(CancellationToken.None)));

        public async Task AskAsync(long items)
        {
            await OnTurnAsync(() => grain._keeper.ChangeAsync(state => state with { Counted = true, Status = state.Status! with { Asked = items } }));
            Counted = true;
            grain.Tell();
        }

        public async Task AddPageAsync(ImmutableArray<ItemOutcome> outcomes)
        {
            await OnTurnAsync(async () =>
            {
                // The page first, then the count of pages: what the status counts can always be listed.
                await grain.OutlastAsync(async () =>
                {
                    await grain.Outcomes(PagesDone).Write(outcomes, CancellationToken.None);
                    return true;
                });
                await grain._keeper.ChangeAsync(state => state.WithPage(outcomes));
            });
            PagesDone++;
            Interrupted = false;
            grain.Tell();
        }

        public void Step(string what) => grain.Say(what);

        public void Warn(string what) => ImmutableInterlocked.Update(ref _warnings, warnings => warnings.Add(what));

        private Task OnTurnAsync(Func<Task> write) =>
            Task.Factory.StartNew(write, CancellationToken.None, TaskCreationOptions.DenyChildAttach, turns).Unwrap();

        private Task<T> OnTurnAsync<T>(Func<Task<T>> read) =>
            Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.DenyChildAttach, turns).Unwrap();
    }
}
