using Orleans;

namespace OrleansBackup.GrainInterfaces.Changes;

/// <summary>Finds the grains that guard changes.</summary>
public static class ChangeGrains
{
    /// <summary>After so long a turn ends by itself: who had it is gone.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(60);

    /// <param name="subject">What is changed, such as a tenant's id.</param>
    public static IChangeTurnGrain ChangeTurn(this IGrainFactory grains, string subject) => grains.GetGrain<IChangeTurnGrain>(subject);

    public static IKeptAnswersGrain KeptAnswers(this IGrainFactory grains, string caller, string key) => grains.GetGrain<IKeptAnswersGrain>(Changes.KeptAnswers.KeyOf(caller, key));
}
