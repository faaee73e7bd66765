using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>A server that says everything it can say is used rightly and wrongly with secrets of every kind; then they are looked for in all that it said, answered, measured and stored.</summary>
public sealed class SecretsTests
{
    private const string ProviderSecret = "oidc-client-secret-5f2c91", MailPassword = "smtp-password-77e1d0", Mistyped = "mistyped-client-secret-c03b2a", Guess = "guessed-key-0d9a51c7";
    private const string Code = "authorization-code-8811fe", Broken = "secret-in-broken-json-9b4e";

    [Fact]
    public async Task No_secret_is_logged_answered_measured_or_stored_in_clear()
    {
        var (said, activities) = (new Listener(), new ConcurrentQueue<string>());
        using var measured = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => activities.Enqueue($"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(one => one.Tags))} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(measured);
        await using var scene = await OnboardedServer.StartAsync(services => services.AddSingleton<ILoggerProvider>(said).PostConfigure<LoggerFilterOptions>(filter =>
        {
            filter.Rules.Clear(); // whatever is configured: everything
            filter.MinLevel = LogLevel.Trace;
            filter.Rules.Add(new LoggerFilterRule("Console", null, LogLevel.None, null));
            filter.Rules.Add(new LoggerFilterRule("Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider", null, LogLevel.None, null));
        }), _ =>
        [
            .. RunningServer.Key("kim", "provider-admin"), "--Api:OpenId:Authority", "http://127.0.0.1:9/", "--Api:OpenId:ClientId", "portal", "--Api:OpenId:ClientSecret", ProviderSecret,
            "--Notices:Mail:Host", "127.0.0.1", "--Notices:Mail:Port", "9", "--Notices:Mail:Encrypted", "false", "--Notices:Mail:From", "backup@provider.example", "--Notices:Mail:User", "backup", "--Notices:Mail:Password", MailPassword,
        ]);
        var secrets = new Dictionary<string, string>
        {
            ["the first key"] = scene.Server.FirstKey, ["a configured key"] = "kim-key", ["the client secret"] = scene.Own.ClientSecret, ["a mistyped client secret"] = Mistyped, ["a guessed key"] = Guess,
            ["the secret at the sign-in"] = ProviderSecret, ["the mail password"] = MailPassword, ["a secret in broken JSON"] = Broken,
        }; // no secret: a code of the sign-in, which is nothing without the verifier and the cookie of the browser that began (RFC 7636)
        var answers = await UseAsync(scene, secrets);

        Assert.True(said.Lines.Count > 300, $"{said.Lines.Count} lines: it does not say everything.");
        Assert.Contains(said.Lines, line => line.Contains("A sign-in by", StringComparison.Ordinal));
        Assert.NotEmpty(activities);
        var found = new List<string>();
        foreach (var (kind, secret) in secrets)
        {
            found.AddRange(said.Lines.Where(line => line.Contains(secret, StringComparison.Ordinal)).Take(3).Select(line => $"{kind} in a log: {line}"));
            found.AddRange(answers.Where(text => text.Contains(secret, StringComparison.Ordinal)).Take(3).Select(text => $"{kind} in an answer: {text}"));
            found.AddRange(activities.Where(text => text.Contains(secret, StringComparison.Ordinal)).Take(3).Select(text => $"{kind} in a trace: {text}"));
        }
        foreach (var file in Directory.GetFiles(scene.Server.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("api-key" or "lock")))
        {
            var text = await ReadAsync(file);
            found.AddRange(secrets.Where(secret => text.Contains(secret.Value, StringComparison.Ordinal)).Select(secret => $"{secret.Key} in {Path.GetFileName(file)}"));
        }
        // A line of ours is one line: nobody writes another, or colours, into the log of whoever reads it.
        found.AddRange(said.Ours.Where(message => message.Any(char.IsControl)).Select(message => $"a control character in a log: {message}"));
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found.Distinct()));
    }

    /// <summary>Everything that takes or gives a secret, done well and done badly.</summary>
    /// <returns>The answers in which none may be.</returns>
    private static async Task<List<string>> UseAsync(OnboardedServer scene, Dictionary<string, string> secrets)
    {
        var answers = new List<string>();
        using var admin = scene.Server.Client("kim-key");
        using var first = scene.Server.Client(scene.Server.FirstKey);
        using var guesser = scene.Server.Client(Guess);
        answers.Add(await SendAsync(admin, HttpMethod.Post, "/api/v1/tenants", OnboardedServer.OnboardingOf(scene.Own, Mistyped)));
        answers.Add(await SendAsync(admin, HttpMethod.Post, "/api/v1/tenants", $$"""{"id":"{{scene.Own.TenantId}}","clientSecret":"{{Broken}}","clientSecret2":"""));
        answers.Add(await SendAsync(admin, HttpMethod.Post, "/api/v1/tenants", $$"""{"id":{"clientSecret":"{{Broken}}"},"name":5}"""));
        answers.Add(await SendAsync(admin, HttpMethod.Post, "/api/v1/tenants", """{"id":"00000000-0000-0000-0000-00000000000a","name":"two\r\nlines \u001b[31m","clientId":"00000000-0000-0000-0000-00000000000b","clientSecret":"x"}"""));
        answers.Add(await SendAsync(admin, HttpMethod.Delete, "/api/v1/tenants/x%0D%0Aanother%20line%1B[31m/exports/y%0Az", null));
        answers.Add(await SendAsync(guesser, HttpMethod.Get, "/api/v1/me", null));
        await scene.OnboardAsync();
        answers.Add(await SendAsync(first, HttpMethod.Get, scene.OwnPath, null));

        var key = await OnboardedServer.SendAsync(admin, HttpMethod.Post, "/api/v1/keys", """{"name":"robot","roles":["provider-admin"]}""");
        secrets["a key that was made"] = key.GetProperty("secret").GetString()!;
        var rotated = await OnboardedServer.SendAsync(admin, HttpMethod.Post, $"/api/v1/keys/{key.GetProperty("key").GetProperty("id").GetString()}/rotations", "{}");
        secrets["a key that was rotated"] = rotated.GetProperty("secret").GetString()!;
        using var robot = scene.Server.Client(secrets["a key that was rotated"]);
        answers.Add(await SendAsync(robot, HttpMethod.Get, "/api/v1/keys", null));

        foreach (var (kind, path) in new[] { ("the secret of a subscription", "/api/v1/subscriptions"), ("the secret of a customer's subscription", $"{scene.OwnPath}/subscriptions") })
        {
            var made = await OnboardedServer.SendAsync(admin, HttpMethod.Post, path, """{"name":"hook","channel":"webhook","address":"https://hooks.invalid/","kinds":["runFailed"]}""");
            secrets[kind] = made.GetProperty("secret").GetString()!;
            answers.Add(await SendAsync(admin, HttpMethod.Post, $"{path}/{made.GetProperty("subscription").GetProperty("id").GetString()}/test", null));
            answers.Add(await SendAsync(admin, HttpMethod.Get, path, null));
        }
        await OpenAsync(scene, admin, secrets, answers);
        await BrowseAsync(scene, secrets, answers);
        answers.Add(await SendAsync(admin, HttpMethod.Get, "/api/v1/audit", null));
        answers.Add(await SendAsync(admin, HttpMethod.Get, $"{scene.OwnPath}/audit", null));
        return answers;
    }

    private static async Task OpenAsync(OnboardedServer scene, HttpClient admin, Dictionary<string, string> secrets, List<string> answers)
    {
        var opened = await OnboardedServer.SendAsync(admin, HttpMethod.Post, $"{scene.OwnPath}/resources/{OnboardedServer.MailboxOf(scene.Own)}/points/latest/openings", """{"why":"A question","protocol":"webDav"}""");
        secrets["the password of an opened point"] = opened.GetProperty("password").GetString()!;
        var user = opened.GetProperty("userName").GetString()!;
        using var program = scene.Server.Client();
        foreach (var password in new[] { secrets["the password of an opened point"], Guess })
        {
            program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
            answers.Add(await SendAsync(program, new HttpMethod("PROPFIND"), new Uri(opened.GetProperty("address").GetString()!).AbsolutePath, null));
        }
        secrets["the same as it was sent"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secrets["the password of an opened point"]}"));
    }

    private static async Task BrowseAsync(OnboardedServer scene, Dictionary<string, string> secrets, List<string> answers)
    {
        using var browser = new Browser(scene.Server.Address, scene.Server.Address.ToString());
        foreach (var key in new[] { Guess, "kim-key" })
        {
            using var page = await browser.GoAsync("/sign-in?returnTo=%2Fsign-out");
            using var arrived = await browser.SubmitAsync(await page.Content.ReadAsStringAsync(), ("key", key));
            answers.Add(await arrived.Content.ReadAsStringAsync());
        }
        secrets["the cookie of a session"] = browser.CookieNamed("orleansbackup-session")!;
        foreach (var path in new[] { "/sign-in/provider", $"/sign-in/callback?code={Code}&state=x", "/api/v1/me", "/operations" })
        {
            using var page = await browser.AskAsync(HttpMethod.Get, path, null, ("X-Requested-With", "x"));
            answers.Add(await page.Content.ReadAsStringAsync());
        }
    }

    private static async Task<string> SendAsync(HttpClient client, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        return $"{response.Headers} {await response.Content.ReadAsStringAsync()}";
    }

    private static async Task<string> ReadAsync(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return Encoding.Latin1.GetString(copy.ToArray());
    }

    /// <summary>Takes every line, with what was handed over to make it and every scope around it.</summary>
    private sealed class Listener : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public ConcurrentQueue<string> Lines { get; } = new();

        /// <summary>Messages of our own code, without their exceptions.</summary>
        public ConcurrentQueue<string> Ours { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Line(Listener all, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (category.StartsWith("OrleansBackup", StringComparison.Ordinal))
                    all.Ours.Enqueue(formatter(state, exception));
                var text = new StringBuilder($"{category} {formatter(state, exception)} {exception}");
                if (state is IEnumerable<KeyValuePair<string, object?>> values)
                    text.Append(' ').AppendJoin(' ', values);
                all._scopes?.ForEachScope((scope, into) => into.Append(' ').Append(scope), text);
                all.Lines.Enqueue(text.ToString());
            }
        }
    }
}
