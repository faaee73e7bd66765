using System.Text.RegularExpressions;

namespace OrleansBackup.Architecture.Tests;

/// <summary>What strangers write is searched in a time that grows with its length and no faster: one hostile invitation must not stop an export.</summary>
public sealed partial class RegexRuleTests
{
    [Theory]
    [InlineData("""[GeneratedRegex("<[^>]*>")]""", true)]
    [InlineData("""[GeneratedRegex(@"a+", RegexOptions.IgnoreCase)]""", true)]
    [InlineData("""[GeneratedRegex(@"a{2,}", RegexOptions.None, 2000)]""", true)]
    [InlineData("""var found = Regex.IsMatch(text, "a");""", true)]
    [InlineData("""var pattern = new Regex("a");""", true)]
    [InlineData("""[GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]""", false)]
    [InlineData("""[GeneratedRegex("^[a-z]{1,40}$")]""", false)]
    [InlineData("""[GeneratedRegex(@"\{\d\}\+")]""", false)]
    public void The_rule_knows_what_it_looks_for(string code, bool isForbidden) => Assert.Equal(isForbidden, MayTakeForEver(code));

    [Fact]
    public void No_pattern_that_repeats_without_bound_tracks_back()
    {
        var lines = Repository.ProductSources().SelectMany(file => Repository.CodeLines(file).Select(line => (Where: $"{Repository.Relative(file)}:{line.Number}", line.Code))).ToList();
        Assert.True(lines.Count(line => line.Code.Contains("GeneratedRegex(", StringComparison.Ordinal)) > 10, "The rule reads no patterns.");
        Assert.DoesNotContain(lines, line => MayTakeForEver(line.Code));
    }

    private static bool MayTakeForEver(string code) => MadeOnTheWay().IsMatch(code)
        || (code.Contains("GeneratedRegex(", StringComparison.Ordinal) && !code.Contains("RegexOptions.NonBacktracking", StringComparison.Ordinal) && Unbounded().IsMatch(code));

    [GeneratedRegex(@"new Regex\(|\bRegex\.(IsMatch|Match|Matches|Replace|Split|Count)\(")]
    private static partial Regex MadeOnTheWay();

    [GeneratedRegex(@"(?<!\\)[*+]|\{\d{1,9},\}")]
    private static partial Regex Unbounded();
}
