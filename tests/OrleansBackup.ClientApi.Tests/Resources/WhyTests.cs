using System.Text.RegularExpressions;
using NSubstitute;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Checks;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Tests.Resources;

public sealed partial class WhyTests : ApiHost
{
    [Fact]
    public void Every_sentence_that_the_service_can_say_has_its_Dutch()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansBackup.sln")))
            folder = Path.GetDirectoryName(folder)!;
        var said = Directory.GetFiles(Path.Combine(folder, "grains"), "*.cs", SearchOption.AllDirectories).SelectMany(file => Said().Matches(File.ReadAllText(file)))
            .Select(match => Hole().Replace(match.Groups["text"].Value, "5")).Distinct().ToList();
        Assert.True(said.Count > 25, $"Only {said.Count} sentences were found.");
        Assert.DoesNotContain(said, sentence => WaitingWords.Dutch(sentence) is null && !sentence.StartsWith(WaitingWords.LastRunFailed, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.StartsWith("De laatste run is mislukt", WaitingWords.InDutch(new WaitingReason(WaitingWords.LastRunFailed, Sample.Noon, null), kind, failed: true), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?language=nl", null, "nl", "De volgende dagelijkse run.")]
    [InlineData("?language=en", "nl", "en", "Its next daily run.")]
    [InlineData("", "nl-NL,nl;q=0.9,en;q=0.5", "nl", "De volgende dagelijkse run.")]
    [InlineData("", "fr, en;q=0.2, nl;q=0.1", "en", "Its next daily run.")]
    [InlineData("", null, "en", "Its next daily run.")]
    public async Task What_it_waits_for_is_said_in_the_language_of_the_caller(string query, string? accepted, string language, string text)
    {
        Service.Mailbox.GetStatus(Arg.Any<CancellationToken>()).Returns(Sample.Status with { Waiting = new WaitingReason("Its next daily run.", Sample.Noon, null) });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Sample.MailboxPath}/why{query}", UriKind.Relative));
        if (accepted is not null)
            request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await SignedIn.SendAsync(request);
        var body = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((language, text, "Its next daily run."), (body.Text("language"), body.Text("text"), body.Text("for")));
        Assert.Equal(language, response.Content.Headers.ContentLanguage.Single());
    }

    [Fact]
    public async Task Another_language_is_refused() =>
        await RefusedAsync(HttpMethod.Get, $"{Sample.MailboxPath}/why?language=fr", null, System.Net.HttpStatusCode.BadRequest, "invalid-request", "language");

    /// <summary>What is written on the board of a run, given as a reason to wait, or as a verdict of the scope.</summary>
    [GeneratedRegex("""(?:[bB]oard(?:!)?\.Step\(|new WaitingReason\(|=> new\((?:true|false), )\$?"(?<text>[^"]+)"(?! \+)""")]
    private static partial Regex Said();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();
}
