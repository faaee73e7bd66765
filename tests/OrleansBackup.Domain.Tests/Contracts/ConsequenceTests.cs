using System.Collections.Immutable;
using OrleansBackup.Domain.Contracts.Consequences;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Scope;
using Xunit;
using static OrleansBackup.Domain.Tests.Contracts.Given;

namespace OrleansBackup.Domain.Tests.Contracts;

/// <summary>What an act makes unrecoverable is computed before it is done, and is what retention then really lets go.</summary>
public class ConsequenceTests
{
    private static readonly DateOnly Today = Day("2026-06-10");

    private static StoredPoint[] Daily(int days) => [.. Enumerable.Range(0, days).Select(at => new StoredPoint(at + 1, Today.AddDays(at + 1 - days), 100 + at))];

    [Fact]
    public void Trap_5_Retention_from_90_to_30_days_names_every_point_that_goes_and_when()
    {
        var points = Daily(90);
        var standing = new RetentionStanding(StillProtected: true);

        var lost = LossForecast.Compare("mailbox-1", points, new(RetentionRule.OfDays(90), true, standing), new(RetentionRule.OfDays(30), true, standing), Today);

        Assert.True(RetentionChange.Shortens(RetentionRule.OfDays(90), RetentionRule.OfDays(30)));
        Assert.Equal(60, lost.Count(one => one.On == Today)); // at once
        Assert.Equal(90, lost.Length); // each of the others sixty days earlier than was promised
        Assert.Equal(Today.AddDays(1), lost[60].On);
        Assert.All(lost.Skip(60), one => Assert.Equal(60, one.Otherwise!.Value.DayNumber - one.On.DayNumber));
    }

    [Fact]
    public void Longer_retention_loses_nothing() => Assert.Empty(LossForecast.Compare("mailbox-1", Daily(90),
        new(RetentionRule.OfDays(90), true, new(true)), new(RetentionRule.OfCalendarMonths(12), true, new(true)), Today));

    [Fact]
    public void What_leaves_the_scope_loses_even_its_newest_point()
    {
        var lost = LossForecast.Compare("mailbox-1", Daily(10), new(RetentionRule.OfDays(30), true, new(true)), new(RetentionRule.OfDays(30), false, new(false)), Today);
        Assert.Equal(10, lost.Length);
        Assert.Equal(Today.AddDays(30), lost[^1].On);
    }

    [Fact]
    public void A_suspension_that_is_frozen_loses_nothing_until_the_freeze_is_over_and_never_the_newest()
    {
        var frozen = Today.AddDays(59);
        var lost = LossForecast.Compare("mailbox-1", Daily(30), new(RetentionRule.OfDays(30), true, new(true)), new(RetentionRule.OfDays(30), false, new(true), FrozenUntil: frozen), Today);
        Assert.Equal(29, lost.Length);
        Assert.All(lost, one => Assert.Equal(frozen.AddDays(1), one.On));
    }

    [Fact]
    public void The_end_destroys_everything_on_its_day_and_a_legal_hold_keeps_it()
    {
        var end = Today.AddDays(20);
        var lost = LossForecast.Compare("mailbox-1", Daily(30), new(RetentionRule.OfDays(30), true, new(true)), new(RetentionRule.OfDays(30), false, new(true), DestroyedOn: end), Today);
        Assert.Equal(30, lost.Length);
        Assert.Equal(end, lost[^1].On);
        Assert.Empty(LossForecast.Compare("mailbox-1", Daily(30), new(RetentionRule.OfDays(30), true, new(true)), new(RetentionRule.OfDays(30), false, new(true, LegalHold: true), DestroyedOn: end), Today));
    }

    [Fact]
    public void The_forecast_is_what_retention_decides_when_every_day_is_played()
    {
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var day = Today.AddDays(-random.Next(200, 500));
            var points = new List<StoredPoint>();
            while (day <= Today)
            {
                if (random.Next(5) != 0)
                    points.Add(new(points.Count + 1, day, 1));
                day = day.AddDays(1 + (random.Next(12) == 0 ? random.Next(40) : 0));
            }
            var rule = (random.Next(2) == 0 ? RetentionRule.OfDays(random.Next(1, 100)) : RetentionRule.OfCalendarMonths(random.Next(1, 4))) with
            {
                Keep = random.Next(2) == 0 ? KeepRules.None : new(random.Next(5), random.Next(5), random.Next(2)),
            };
            var outlook = new Outlook(rule, random.Next(2) == 0, new(random.Next(2) == 0, random.Next(15) == 0, random.Next(15) == 0));
            outlook = outlook with { Standing = outlook.Standing with { StillProtected = outlook.Standing.StillProtected || outlook.RunsGoOn } };
            var forecast = LossForecast.Expiries(points, outlook, Today).ToDictionary(one => one.Point.Sequence, one => one.On);
            var played = Played(points, outlook, 450);
            foreach (var point in points)
                Assert.True(forecast[point.Sequence] is { } on && on < Today.AddDays(450) ? played[point.Sequence] == on : played[point.Sequence] is null,
                    $"Round {round}, {rule}, {outlook.Standing}, runs {outlook.RunsGoOn}: point {point.Sequence} of {point.Day}: forecast {forecast[point.Sequence]}, played {played[point.Sequence]}");
        }
    }

    [Fact]
    public void Shorter_is_whatever_lets_any_point_go_earlier()
    {
        Assert.False(RetentionChange.Shortens(RetentionRule.OfDays(28), RetentionRule.OfCalendarMonths(1)));
        Assert.True(RetentionChange.Shortens(RetentionRule.OfCalendarMonths(1), RetentionRule.OfDays(31))); // a point of 31 January is owed 32 days in a leap year… and 31 of May until 1 July
        Assert.True(RetentionChange.Shortens(RetentionRule.OfDays(30) with { LegalHold = true }, RetentionRule.OfDays(30)));
        Assert.True(RetentionChange.Shortens(RetentionRule.OfDays(30) with { Keep = new(4, 0, 0) }, RetentionRule.OfDays(300)));
        Assert.False(RetentionChange.Shortens(RetentionRule.OfDays(30), RetentionRule.OfDays(30)));
    }

    [Fact]
    public void A_scope_that_is_not_called_narrower_takes_nothing_away()
    {
        var random = new Random(3);
        var resources = Enumerable.Range(0, 4).SelectMany(at => new[] { ResourceKind.Mailbox, ResourceKind.OneDrive }.Select(kind => new ResourceId(new TenantId(Guid.Empty), kind, $"id{at}"))).ToList();
        var (narrower, found) = (0, 0);
        for (var round = 0; round < 5_000; round++)
        {
            var (now, then) = (Any(random), Any(random));
            var loses = resources.Any(resource => new[] { "user", "room" }.Any(purpose => now.Decide(resource, purpose).Protected && !then.Decide(resource, purpose).Protected));
            narrower += ScopeChange.Narrows(now, then) ? 1 : 0;
            found += loses ? 1 : 0;
            Assert.True(!loses || ScopeChange.Narrows(now, then), $"{round}");
        }
        Assert.InRange(narrower, found, 5_000);
        Assert.False(ScopeChange.Narrows(ProtectionScope.Everything, ProtectionScope.Everything));
        Assert.True(ScopeChange.Narrows(ProtectionScope.Everything, ProtectionScope.Everything with { Excluded = ["id1"] }));
        Assert.False(ScopeChange.Narrows(ProtectionScope.Everything with { Excluded = ["id1"] }, ProtectionScope.Everything));

        static ProtectionScope Any(Random random) => new(random.Next(2) == 0 ? ScopeMode.Everything : ScopeMode.Selection, Ids(random), Ids(random), true)
        {
            ExcludedPurposes = random.Next(3) == 0 ? ["room"] : [],
            Kinds = random.Next(2) == 0 ? ImmutableSortedDictionary<ResourceKind, KindRule>.Empty : ImmutableSortedDictionary<ResourceKind, KindRule>.Empty.Add(ResourceKind.OneDrive, (KindRule)random.Next(1, 4)),
        };

        static ImmutableHashSet<string> Ids(Random random) => [.. Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).Select(at => $"id{at}")];
    }

    [Fact]
    public void Who_has_seen_a_list_knows_of_what_goes_unless_more_goes_or_earlier()
    {
        var seen = ConsequenceList.Of([Lost(1, Today), Lost(2, Today.AddDays(5))], ["mailbox-2"]);
        var text = seen.ToCsv();
        Assert.True(seen.IsCoveredBy(text, Today));
        Assert.True(ConsequenceList.Of([Lost(2, Today.AddDays(6))], []).IsCoveredBy(text, Today));
        Assert.True(ConsequenceList.Of([Lost(9, Today.AddDays(30))], []).IsCoveredBy(text, Today)); // the newest stayed, and a newer one took its place since
        Assert.True(ConsequenceList.Of([Lost(9, Today.AddDays(30), Today.AddDays(1))], []).IsCoveredBy(ConsequenceList.Of([], []).ToCsv(), Today)); // made after he looked
        Assert.False(ConsequenceList.Of([Lost(9, Today.AddDays(30))], []).IsCoveredBy(ConsequenceList.Of([], ["mailbox-1"]).ToCsv(), Today)); // it was held then
        Assert.False(ConsequenceList.Of([Lost(2, Today.AddDays(4))], []).IsCoveredBy(text, Today));
        Assert.False(ConsequenceList.Of([Lost(0, Today.AddDays(9))], []).IsCoveredBy(text, Today));
        Assert.False(ConsequenceList.Of([], ["mailbox-3"]).IsCoveredBy(text, Today));

        static LostPoint Lost(long sequence, DateOnly on, DateOnly? day = null) => new("mailbox-1", sequence, day ?? Today.AddDays(-40), 7, on, null);
    }

    private static Dictionary<long, DateOnly?> Played(List<StoredPoint> points, Outlook outlook, int days)
    {
        var gone = points.ToDictionary(point => point.Sequence, _ => (DateOnly?)null);
        var present = points.Select(point => (point.Sequence, point.Day)).ToList();
        for (var at = 0; at < days; at++)
        {
            var day = Today.AddDays(at);
            if (at > 0 && outlook.RunsGoOn)
                present.Add((points.Count + at, day));
            foreach (var verdict in RetentionPolicy.Decide(present, outlook.Rule, outlook.Standing, day).Where(verdict => !verdict.Kept))
            {
                present.RemoveAll(point => point.Sequence == verdict.Sequence);
                if (gone.ContainsKey(verdict.Sequence))
                    gone[verdict.Sequence] = day;
            }
        }
        return gone;
    }
}
