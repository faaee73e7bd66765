using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Changes;

namespace OrleansBackup.Grains.Changes;

/// <summary>Some of the answers to one caller's requests with keys: noted before a request is carried out, kept for a day, then gone.</summary>
internal sealed class KeptAnswersGrain(
    [PersistentState("kept-answers", StateStores.Default)] IPersistentState<KeptAnswersState> storage, TimeProvider time) : Grain, IKeptAnswersGrain, IRemindable
{
    private const string Lapse = "lapse";
    private static readonly TimeSpan Tick = TimeSpan.FromHours(25); // an hour after the newest lapsed

    private readonly StateKeeper<KeptAnswersState> _keeper = new(storage);

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<KeptAnswerStanding> Begin(string name, string requestHash, CancellationToken cancellation)
    {
        var entries = Living(_keeper.State.Entries);
        if (entries.TryGetValue(name, out var entry))
            return entry.RequestHash != requestHash ? Standing(KeptAnswerState.OtherRequest)
                : entry.Answer is { } answer ? new KeptAnswerStanding(KeptAnswerState.Answered, answer)
                : Standing(KeptAnswerState.Unsettled);
        if (entries.Count >= KeptAnswers.MostEntries || entries.Values.Sum(one => one.Characters) > KeptAnswers.MostCharactersOfBook - KeptAnswers.MostCharacters)
            return Standing(KeptAnswerState.Full);
        if (_keeper.State.Entries.IsEmpty)
            await this.RegisterOrUpdateReminder(Lapse, Tick, Tick);
        await _keeper.ChangeAsync(state => state with { Entries = Living(state.Entries).SetItem(name, new KeptEntry(requestHash, Now, null)) });
        return Standing(KeptAnswerState.Begun);
    }

    public Task Complete(string name, KeptAnswer answer, CancellationToken cancellation) => _keeper.ChangeAsync(state => state.Entries.TryGetValue(name, out var entry)
        ? state with { Entries = state.Entries.SetItem(name, entry with { Answer = answer.Body?.Length > KeptAnswers.MostCharacters ? answer with { Body = null } : answer }) }
        : state);

    public Task Abandon(string name, CancellationToken cancellation) => _keeper.ChangeAsync(state => state with { Entries = state.Entries.Remove(name) });

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!Living(_keeper.State.Entries).IsEmpty)
        {
            await _keeper.ChangeAsync(state => state with { Entries = Living(state.Entries) });
            return;
        }
        await _keeper.ClearAsync();
        await this.ForgetReminderAsync(Lapse);
    }

    private ImmutableSortedDictionary<string, KeptEntry> Living(ImmutableSortedDictionary<string, KeptEntry> entries) =>
        entries.RemoveRange(entries.Where(entry => Now - entry.Value.At >= KeptAnswers.KeptFor).Select(entry => entry.Key));

    private static KeptAnswerStanding Standing(KeptAnswerState state) => new(state, null);
}
