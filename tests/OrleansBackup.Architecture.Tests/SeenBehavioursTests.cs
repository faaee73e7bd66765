using System.Text.RegularExpressions;

namespace OrleansBackup.Architecture.Tests;

/// <summary>Every thing that the service has been seen to do has a test that exists, or a reason; and a test that names a row stands in that row.</summary>
public sealed partial class SeenBehavioursTests
{
    private const int Rows = 50;

    private static readonly HashSet<string> Written = [.. Repository.AllSources().Where(file => Repository.Relative(file).StartsWith("tests", StringComparison.Ordinal)).SelectMany(TestsIn)];

    [Fact]
    public void The_table_has_every_row_once_and_in_order() => Assert.Equal(Enumerable.Range(1, Rows), SeenBehaviours.All.Select(seen => seen.Row));

    [Fact]
    public void Every_row_has_tests_or_the_reason_why_it_has_none() =>
        Assert.DoesNotContain(SeenBehaviours.All, seen => seen.What.Length == 0 || (seen.Tests.Length == 0) != seen.WhyNone?.Length > 0);

    [Fact]
    public void Every_test_of_the_table_is_written() =>
        Assert.Empty(SeenBehaviours.All.SelectMany(seen => seen.Tests.Where(test => !Written.Contains(test)).Select(test => $"row {seen.Row}: {test}")));

    [Fact]
    public void A_test_that_names_a_row_stands_in_it() => Assert.Empty(Written.SelectMany(test => RowsNamed(test).Where(row => SeenBehaviours.All.FirstOrDefault(seen => seen.Row == row)?.Tests.Contains(test) != true).Select(row => $"row {row}: {test}")));

    [Theory]
    [InlineData("A.Row_5_an_empty_page", new[] { 5 })]
    [InlineData("A.Row_14_and_15_no_mailbox", new[] { 14, 15 })]
    [InlineData("A.Rows_9_and_10_an_event", new[] { 9, 10 })]
    [InlineData("A.Row_by_row", new int[0])]
    [InlineData("A.A_row_5", new int[0])]
    public void The_rows_of_a_name_are_read(string test, int[] rows) => Assert.Equal(rows, RowsNamed(test));

    private static IEnumerable<int> RowsNamed(string test) => Named().Match(test) is { Success: true } match
        ? match.Groups["row"].Captures.Select(capture => int.Parse(capture.Value, System.Globalization.CultureInfo.InvariantCulture)) : [];

    /// <summary>Methods behind a <c>[Fact]</c> or <c>[Theory]</c>; anything else of that name would be no test.</summary>
    private static IEnumerable<string> TestsIn(string file) =>
        Test().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups["name"].Value}");

    [GeneratedRegex(@"\.Rows?_(?<row>\d+)(_and_(?<row>\d+))*_")]
    private static partial Regex Named();

    [GeneratedRegex(@"\[(Fact|Theory)\b[^\]]*\]\s*(\[[^\n]*\]\s*)*public (async )?(Task|void) (?<name>\w+)\(")]
    private static partial Regex Test();
}
