using System.Text.RegularExpressions;

namespace OrleansBackup.Architecture.Tests;

/// <summary>Small promises about the source that no compiler keeps.</summary>
public sealed partial class SourceRulesTests
{
    private const int LongestFile = 400;

    [Theory]
    [InlineData("var now = DateTime.UtcNow;", true)]
    [InlineData("var now = DateTime.Now.AddDays(1);", true)]
    [InlineData("var today = DateTime.Today;", true)]
    [InlineData("var now = DateTimeOffset.UtcNow;", true)]
    [InlineData("var now = DateTimeOffset.Now;", true)]
    [InlineData("Thread.Sleep(5);", true)]
    [InlineData("await Task.Delay(5, cancellation);", true)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, 2)), cancellation);", true)]
    [InlineData("await Task.Delay(pause, time, cancellation);", false)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(5), _timeProvider, cancellation);", false)]
    [InlineData("var now = time.GetUtcNow();", false)]
    [InlineData("Assert(dateTime.UtcNowish);", false)]
    public void The_rule_on_time_knows_what_it_looks_for(string code, bool isForbidden) => Assert.Equal(isForbidden, TakesTimeFromTheMachine(code));

    [Fact]
    public void Product_code_takes_time_only_through_a_time_provider() => NoLine(Repository.ProductSources(), TakesTimeFromTheMachine);

    [Fact]
    public void No_code_is_compiled_only_sometimes() =>
        NoLine(Repository.AllSources(), code => code.StartsWith("#if", StringComparison.Ordinal) || code.StartsWith("#elif", StringComparison.Ordinal));

    [Fact]
    public void No_file_is_longer_than_its_limit() => Assert.DoesNotContain(
        Repository.AllSources().Select(file => (File: Repository.Relative(file), Lines: File.ReadLines(file).Count())), file => file.Lines > LongestFile);

    [Fact]
    public void A_log_line_is_known_by_its_number_in_the_whole_product()
    {
        var numbered = Repository.ProductSources().SelectMany(file => Repository.CodeLines(file).SelectMany(line => LogNumber().Matches(line.Code)).Select(match => (Number: match.Groups[1].Value, File: Repository.Relative(file)))).ToList();
        Assert.True(numbered.Count > 50, "The rule reads no log lines.");
        Assert.Empty(numbered.GroupBy(one => one.Number).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(one => one.File))}"));
    }

    [Fact]
    public void There_is_source_to_judge() => Assert.True(Repository.ProductSources().Count() > 10, "The rules above read no files.");

    private static void NoLine(IEnumerable<string> files, Func<string, bool> isForbidden) => Assert.Empty(
        files.SelectMany(file => Repository.CodeLines(file).Where(line => isForbidden(line.Code)).Select(line => $"{Repository.Relative(file)}:{line.Number}: {line.Code}")));

    private static bool TakesTimeFromTheMachine(string code) => MachineTime().IsMatch(code) || (Delay().IsMatch(code) && !DelayWithTimeProvider().IsMatch(code));

    [GeneratedRegex(@"\b(DateTime\.(UtcNow|Now|Today)|DateTimeOffset\.(UtcNow|Now)|Thread\.Sleep)\b")]
    private static partial Regex MachineTime();

    [GeneratedRegex(@"\[LoggerMessage\((\d+)")]
    private static partial Regex LogNumber();

    [GeneratedRegex(@"\bTask\.Delay\(")]
    private static partial Regex Delay();

    /// <summary>Somewhere among the arguments stands something that is called after time.</summary>
    [GeneratedRegex(@"\bTask\.Delay\(.*,\s*[\w.]*([tT]ime|[tT]imeProvider|[cC]lock)\s*[,)]")]
    private static partial Regex DelayWithTimeProvider();
}
