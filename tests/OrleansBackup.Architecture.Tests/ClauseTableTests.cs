using System.Text.RegularExpressions;

namespace OrleansBackup.Architecture.Tests;

/// <summary>The page that maps every clause of the two service descriptions to what carries it out and to the test that shows it, held against the source.</summary>
public sealed partial class ClauseTableTests
{
    private const string Page = "deploy/plans/CLAUSES.md";

    // Every clause that the two descriptions hold; a page that forgets one is as wrong as one that invents one.
    private static readonly string[] Clauses =
    [
        "JP-1", "JP-2.1", "JP-2.2", "JP-2.3", "JP-3.1", "JP-3.2a", "JP-3.2b", "JP-3.2c", "JP-3.3a", "JP-3.3b", "JP-3.3c", "JP-4.1", "JP-4.2a", "JP-4.2b", "JP-4.3", "JP-4.4", "JP-4.5",
        "JP-5.1", "JP-5.2", "JP-5.3", "JP-5.4", "JP-6.1", "JP-6.2a", "JP-6.2b", "JP-6.2c", "JP-6.2d", "JP-6.3", "JP-6.4", "JP-7.1", "JP-7.2", "JP-7.3", "JP-7.4", "JP-8.1", "JP-8.2", "JP-8.3",
        "JP-9.1", "JP-9.2", "JP-9.3", "JP-9.4", "JP-10.1", "JP-10.2", "JP-10.3", "JP-11.1", "JP-11.2", "JP-11.3", "JP-12.1", "JP-12.2", "JP-12.3", "JP-12.4",
        "JP-13.1", "JP-13.2", "JP-13.3", "JP-13.4", "JP-13.5", "JP-14", "JP-15", "JP-16", "JP-17",
        "AC-0", "AC-1", "AC-2.1", "AC-2.2", "AC-2.3", "AC-2.4", "AC-2.5", "AC-2.6", "AC-2.7", "AC-3.1", "AC-3.2", "AC-4.1", "AC-4.2", "AC-4.3", "AC-4.4", "AC-4.5", "AC-4.6", "AC-4.7", "AC-4.8",
        "AC-4.9", "AC-4.10", "AC-5.1", "AC-5.2", "AC-5.3", "AC-6.1", "AC-6.2", "AC-7.1", "AC-7.2", "AC-7.3", "AC-7.4", "AC-7.5", "AC-7.6", "AC-8.1", "AC-8.2", "AC-8.3", "AC-8.4",
    ];

    private static readonly Row[] Rows = [.. File.ReadLines(Path.Combine(Repository.Root, Page)).Where(line => line.StartsWith("| JP-", StringComparison.Ordinal) || line.StartsWith("| AC-", StringComparison.Ordinal)).Select(Row.Of)];

    private sealed record Row(string Clause, string Kind, string Says, string Code, string Tests)
    {
        public static Row Of(string line) => line.Trim()[1..^1].Split('|') is [var clause, var kind, var says, var code, var tests]
            ? new(clause.Trim(), kind.Trim(), says.Trim(), code.Trim(), tests.Trim())
            : throw new InvalidDataException($"Not a row of five columns: {line}");

        public static IEnumerable<string> Named(string column) => Quoted().Matches(column).Select(match => match.Groups[1].Value);
    }

    [Fact]
    public void Every_clause_has_its_row_and_no_row_is_of_none() => Assert.Equal(Clauses, Rows.Select(row => row.Clause));

    [Fact]
    public void A_rule_names_what_carries_it_out_and_the_test_that_shows_it() =>
        Assert.Empty(Rows.Where(row => row.Kind == "rule" && (!Row.Named(row.Code).Any() || !Row.Named(row.Tests).Any())).Select(row => row.Clause));

    [Fact]
    public void Every_row_is_of_a_known_kind_and_says_something() =>
        Assert.Empty(Rows.Where(row => row.Kind is not ("rule" or "shown" or "tracked" or "none") || row.Says.Length == 0).Select(row => row.Clause));

    [Fact]
    public void Everything_that_it_names_is_in_the_source()
    {
        var types = Repository.ProductSources().SelectMany(file => Declared().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        var tests = Repository.AllSources().Where(file => file.EndsWith("Tests.cs", StringComparison.Ordinal)).ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        Assert.Empty(Rows.SelectMany(row =>
            Row.Named(row.Code).Where(name => !(name.Contains('/', StringComparison.Ordinal) ? Path.Exists(Path.Combine(Repository.Root, name)) : types.Contains(name)))
                .Concat(Row.Named(row.Tests).Where(name => !(name.Split('.') is [var type, var method] && tests[type].Any(text => text.Contains($" {method}(", StringComparison.Ordinal)))))
                .Select(name => $"{row.Clause}: {name}")));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?:class|record|struct|record struct|enum|interface)\s+([A-Z]\w*)")]
    private static partial Regex Declared();
}
