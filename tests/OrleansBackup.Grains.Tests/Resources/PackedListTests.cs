using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Resources.History;
using OrleansBackup.SqliteStorage;
using Xunit.Abstractions;

namespace OrleansBackup.Grains.Tests.Resources;

public sealed class PackedListTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_member_of_a_run_and_of_a_point_survives_the_packing()
    {
        var (run, point) = ((RunRecord)Filled(typeof(RunRecord), 1), (RestorePointSummary)Filled(typeof(RestorePointSummary), 1));
        PackedList<RunRecord, RunPacking> runs = [run];
        PackedList<RestorePointSummary, PointPacking> points = [point];
        Assert.Equal(Json(run), Json(runs[0]));
        Assert.Equal(Json(point), Json(points[0]));
    }

    [Fact]
    public void What_is_not_there_stays_not_there()
    {
        var run = (RunRecord)Filled(typeof(RunRecord), 1);
        run = run with { SealedPoint = null, Warnings = [], Progress = run.Progress with { EndedAt = null, Problem = null } };
        PackedList<RunRecord, RunPacking> runs = [run];
        Assert.Equal(Json(run), Json(runs.Single()));
    }

    [Fact]
    public void A_packed_list_is_stored_as_the_plain_array_that_earlier_releases_wrote_and_read()
    {
        ImmutableArray<RestorePointSummary> plain = [.. Enumerable.Range(1, 5).Select(number => (RestorePointSummary)Filled(typeof(RestorePointSummary), number))];
        PackedList<RestorePointSummary, PointPacking> packed = [.. plain];
        Assert.Equal(Json(plain), Json(packed));
        Assert.Equal(Json(plain), Json(JsonSerializer.Deserialize<PackedList<RestorePointSummary, PointPacking>>(Json(plain), StateJson.Options)!));
    }

    [Fact]
    public void Any_element_is_found_and_one_more_comes_to_the_end()
    {
        ImmutableArray<RestorePointSummary> plain = [.. Enumerable.Range(1, 100).Select(number => (RestorePointSummary)Filled(typeof(RestorePointSummary), number * 1_000))];
        var packed = plain.Aggregate((PackedList<RestorePointSummary, PointPacking>)[], (list, point) => list.Add(point));
        Assert.Equal(Json(plain), Json(packed));
        Assert.Equal(Json(new[] { plain[0], plain[^1], plain[57] }), Json(new[] { packed[0], packed[^1], packed[57] }));
        Assert.Equal(plain.Length, packed.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => packed[100]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ((PackedList<RestorePointSummary, PointPacking>)[])[0]);
    }

    [Fact]
    public void Two_months_of_runs_and_points_take_less_than_thirteen_kilobytes_even_of_large_numbers()
    {
        var run = (RunRecord)Filled(typeof(RunRecord), 1);
        run = run with { Warnings = [], Progress = run.Progress with { Step = "Sealed", Problem = null } };
        PackedList<RunRecord, RunPacking> runs = [.. Enumerable.Repeat(run, ResourceState.KeptRuns)];
        PackedList<RestorePointSummary, PointPacking> points = [.. Enumerable.Repeat((RestorePointSummary)Filled(typeof(RestorePointSummary), 1) with { Lacks = [] }, ResourceState.KeptRuns)];
        output.WriteLine($"runs: {runs.Size} bytes, points: {points.Size} bytes");
        Assert.InRange(runs.Size + points.Size, 1, 13_000);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, StateJson.Options);

    /// <summary>An instance in which no member has its default, also none that is added one day.</summary>
    private static object Filled(Type type, int seed)
    {
        var filled = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length) is { } constructor
            ? constructor.Invoke([.. constructor.GetParameters().Select((parameter, at) => Value(parameter.ParameterType, seed + at))])
            : Activator.CreateInstance(type)!;
        var at = 100;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite))
            property.SetValue(filled, Value(property.PropertyType, seed + at++));
        return filled;
    }

    private static object Several(Type type, int seed)
    {
        var elements = Array.CreateInstance(type, 2);
        for (var at = 0; at < elements.Length; at++)
            elements.SetValue(Value(type, seed + at), at);
        return typeof(ImmutableCollectionsMarshal).GetMethod(nameof(ImmutableCollectionsMarshal.AsImmutableArray))!.MakeGenericMethod(type).Invoke(null, [elements])!;
    }

    private static object Value(Type type, int seed) => Nullable.GetUnderlyingType(type) is { } inner ? Value(inner, seed)
        : type == typeof(string) ? $"text {seed} ä"
        : type == typeof(bool) ? true
        : type == typeof(int) ? seed
        : type == typeof(long) ? seed * 10_000_019L
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromMinutes(90)).AddTicks(seed)
        : type == typeof(DateOnly) ? new DateOnly(2026, 3, 1).AddDays(seed)
        : type == typeof(RunId) ? new RunId(new Guid(seed, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? Several(type.GetGenericArguments()[0], seed)
        : type.IsEnum ? Enum.GetValues(type).Cast<object>().Last()
        : Filled(type, seed);
}
