using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Fuzzing;

/// <summary>Callers that hold a connection with a byte now and then are let go. Without the limits these tests wait until their patience ends.</summary>
public sealed class SlowClientTests : ApiHost
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings() =>
        [new("Api:Limits:Headers", "00:00:00.5"), new("Api:Limits:BodyGrace", "00:00:01.2"), new("Api:Limits:BodyBytesPerSecond", "1000000")];

    [Fact]
    public async Task Headers_that_do_not_end_are_not_waited_for() =>
        Assert.StartsWith("HTTP/1.1 408 ", await RawRequest.SendAsync(SignedIn.BaseAddress!, "GET /api/v1/tenants HTTP/1.1\r\nHost: x\r\nX-Slow: a"), StringComparison.Ordinal);

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        var answer = await RawRequest.SendAsync(SignedIn.BaseAddress!,
            $"POST /api/v1/tenants HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Key}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{{");
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("https://orleansbackup.dev/problems/request-too-slow", answer, StringComparison.Ordinal);
    }
}
