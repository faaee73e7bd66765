using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Operations;
using OrleansBackup.TimeTravel.Tests.Given;

namespace OrleansBackup.TimeTravel.Tests.Openings;

/// <summary>The life of an opening as the people who made it see it: made, used, over; and that over means over.</summary>
[Collection(ServerTests.Name)]
public sealed class OpeningTests(ServerFixture server)
{
    [Fact]
    public async Task An_opening_is_in_the_audit_book_when_it_is_made_first_used_and_ended_and_its_password_nowhere()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        Assert.Equal(HttpStatusCode.MultiStatus, await TryAsync(opened));
        Assert.Equal(HttpStatusCode.MultiStatus, await TryAsync(opened));
        await server.EndAsync(opened);

        var book = await server.Provider.GetStringAsync(new Uri($"/api/v1/tenants/{server.Tenant}/audit?limit=200", UriKind.Relative));
        var acts = JsonDocument.Parse(book).RootElement.GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("facts").TryGetProperty("opening", out var id) && id.GetString() == opened.Id)
            .Select(entry => entry.GetProperty("act").GetString());
        Assert.Equal(["opening.end", "opening.first-use", "point.open"], acts);
        Assert.Contains("A test looks at it.", book, StringComparison.Ordinal);
        Assert.DoesNotContain(opened.Password, book, StringComparison.Ordinal);
        Assert.DoesNotContain(opened.Password, (await server.LookAsync(opened)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_is_counted_and_who_opened_it_and_why_is_told()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        await TryAsync(opened);
        await TryAsync(opened);

        var told = await UntilAsync(opened, look => look.GetProperty("use").GetProperty("sessions").GetInt64() == 2);

        Assert.Equal(2, told.GetProperty("use").GetProperty("listings").GetInt64());
        Assert.Equal("first-key", told.GetProperty("who").GetString());
        Assert.Equal("A test looks at it.", told.GetProperty("why").GetString());
        Assert.NotEqual(JsonValueKind.Null, told.GetProperty("firstUsedAt").ValueKind);
    }

    [Fact]
    public async Task An_opening_that_is_ended_lets_nobody_in_any_more()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        Assert.Equal(HttpStatusCode.MultiStatus, await TryAsync(opened));

        await server.EndAsync(opened);

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(opened));
        var look = await server.LookAsync(opened);
        Assert.Equal(("ended", "first-key"), (look.GetProperty("end").GetString(), look.GetProperty("endedBy").GetString()));
    }

    [Fact]
    public async Task An_opening_ends_with_its_time()
    {
        var (opened, longer) = (await server.OpenAsync(server.Drive, "webDav", TimeSpan.FromMinutes(2)), await server.OpenAsync(server.Drive, "webDav"));
        Assert.Equal(HttpStatusCode.MultiStatus, await TryAsync(opened));

        server.Services.GetRequiredService<IAdjustableClock>().Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(opened));
        Assert.Equal(HttpStatusCode.MultiStatus, await TryAsync(longer));
        Assert.Equal("expired", (await server.LookAsync(opened)).GetProperty("end").GetString());
    }

    [Fact]
    public async Task A_transfer_that_is_under_way_is_cut_off_when_the_opening_is_ended()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        var large = server.Admin.DriveState(server.Tenant.ToString(), server.User).Items.MaxBy(item => item.Size)!;
        using var connection = new TcpClient { ReceiveBufferSize = 16 * 1024 }; // takes little at a time, so that most of it is not sent yet
        await connection.ConnectAsync(IPAddress.Loopback, opened.Address.Port);
        var stream = connection.GetStream();
        var path = new Uri(opened.Address, string.Join('/', large.Path.Split('/').Select(Uri.EscapeDataString))).AbsolutePath;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Basic(opened)}\r\n\r\n"));
        var piece = new byte[64 * 1024];
        long taken = await stream.ReadAsync(piece);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(piece, 0, 12), StringComparison.Ordinal);

        await server.EndAsync(opened);
        await UntilNobodyIsInAsync(opened);
        try
        {
            while (await stream.ReadAsync(piece) is var read and > 0)
                taken += read;
        }
        catch (IOException)
        {
            // cut off
        }

        Assert.True(taken < large.Size, $"{taken} of {large.Size} bytes came");
    }

    [Fact]
    public async Task A_customer_opens_his_own_points_once_the_provider_lets_him_and_nobody_elses()
    {
        using var customer = server.Client("customer-key");
        using var neighbour = server.Client("neighbour-key");
        using var auditor = server.Client("auditor-key");
        var openings = $"/api/v1/tenants/{server.Tenant}/resources/{server.Drive.LocalName}/points/latest/openings";
        async Task<HttpStatusCode> OpenAsync(HttpClient client) => (await client.PostAsJsonAsync(openings, new { why = "I want to see.", protocol = "webDav" })).StatusCode;
        async Task<HttpStatusCode> LetAsync(HttpClient client, bool allowed) => (await client.PutAsJsonAsync($"/api/v1/tenants/{server.Tenant}/openings/policy", new { customersMayOpen = allowed })).StatusCode;

        Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(customer));
        Assert.Equal(HttpStatusCode.Forbidden, await LetAsync(customer, true));
        Assert.Equal(HttpStatusCode.OK, await LetAsync(server.Provider, true));
        try
        {
            Assert.Equal(HttpStatusCode.Created, await OpenAsync(customer));
            Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(neighbour));
            Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(auditor));
        }
        finally
        {
            Assert.Equal(HttpStatusCode.OK, await LetAsync(server.Provider, false));
        }
        Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(customer));
    }

    [Fact]
    public async Task The_password_of_an_opening_is_not_kept_with_the_answer_that_may_be_asked_for_again()
    {
        async Task<HttpResponseMessage> OpenAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/tenants/{server.Tenant}/resources/{server.Drive.LocalName}/points/latest/openings")
            {
                Headers = { { "Idempotency-Key", "the-same-opening" } }, Content = JsonContent.Create(new { why = "Once.", protocol = "webDav" }),
            };
            return await server.Provider.SendAsync(request);
        }
        var password = (await (await OpenAsync()).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("password").GetString()!;

        using var again = await OpenAsync();

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.DoesNotContain(password, await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"protocol":"webDav"}""", "why")]
    [InlineData("""{"why":"x"}""", "protocol")]
    [InlineData("""{"why":"x","protocol":"imap"}""", "protocol")]
    [InlineData("""{"why":"x","protocol":"webDav","lasts":"7.00:00:01"}""", "lasts")]
    [InlineData("""{"why":"x","protocol":"webDav","lasts":"00:00:30"}""", "lasts")]
    public async Task An_opening_that_makes_no_sense_is_refused_and_says_what_is_wrong(string body, string field)
    {
        using var answer = await server.Provider.PostAsync(new Uri($"/api/v1/tenants/{server.Tenant}/resources/{server.Drive.LocalName}/points/latest/openings", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString());
    }

    private async Task<HttpStatusCode> TryAsync(Opened opened)
    {
        using var client = server.Client(null);
        using var request = new HttpRequestMessage(new HttpMethod("PROPFIND"), opened.Address) { Headers = { Authorization = Basic(opened) } };
        request.Headers.Add("Depth", "0");
        return (await client.SendAsync(request)).StatusCode;
    }

    private async Task<JsonElement> UntilAsync(Opened opened, Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            if (await server.LookAsync(opened) is var look && isSo(look))
                return look;
            await Hang.MomentAsync(patience.Token);
        }
    }

    /// <summary>What was read is told when the last who was in has been put out.</summary>
    private Task<JsonElement> UntilNobodyIsInAsync(Opened opened) => UntilAsync(opened, look => look.GetProperty("use").GetProperty("bytes").GetInt64() > 0);

    private static AuthenticationHeaderValue Basic(Opened opened) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{opened.UserName}:{opened.Password}")));
}
