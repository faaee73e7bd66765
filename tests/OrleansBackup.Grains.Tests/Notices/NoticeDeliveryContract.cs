using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Tests.Notices;

/// <summary>What every way by which notices leave keeps to, against a real receiver on loopback.</summary>
public abstract class NoticeDeliveryContract
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-03-14T12:00:00Z");

    /// <summary>What the receiver does with what comes.</summary>
    public enum Receiver
    {
        Takes, Busy, KnowsNobody, Silent, Gone,
    }

    [Fact]
    public async Task What_was_taken_arrived_once_with_its_id_and_its_words()
    {
        await using var scene = await StartAsync(Receiver.Takes);
        var letter = Letter(scene.To);
        await scene.Delivery.DeliverAsync(letter, CancellationToken.None);
        var (id, text) = Assert.Single(scene.Received());
        Assert.Contains(letter.Notice.Id.ToString("N"), id.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Grüße 日本", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NoticeKind.CriticalFault)]
    [InlineData(NoticeKind.FaultEnded)]
    [InlineData(NoticeKind.ReportReady)]
    public async Task A_fault_its_end_and_a_report_arrive_in_their_words(NoticeKind kind)
    {
        await using var scene = await StartAsync(Receiver.Takes);
        await scene.Delivery.DeliverAsync(Letter(scene.To, kind: kind), CancellationToken.None);
        var (_, text) = Assert.Single(scene.Received());
        Assert.Contains("de toestemming is ingetrokken", text, StringComparison.Ordinal);
        Assert.Contains("Grüße 日本", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_again_has_the_id_that_it_had()
    {
        await using var scene = await StartAsync(Receiver.Takes);
        var letter = Letter(scene.To);
        await scene.Delivery.DeliverAsync(letter, CancellationToken.None);
        await scene.Delivery.DeliverAsync(letter, CancellationToken.None);
        Assert.Single(scene.Received().Select(received => received.Id).Distinct());
        Assert.Equal(2, scene.Received().Count);
    }

    [Theory]
    [InlineData(Receiver.Busy, true)]
    [InlineData(Receiver.Gone, true)]
    [InlineData(Receiver.Silent, true)]
    [InlineData(Receiver.KnowsNobody, false)]
    public async Task What_was_not_taken_is_told_with_whether_it_passes(Receiver receiver, bool passes)
    {
        await using var scene = await StartAsync(receiver);
        var refused = await Assert.ThrowsAsync<DeliveryException>(() => scene.Delivery.DeliverAsync(Letter(scene.To), CancellationToken.None));
        Assert.Equal(passes, refused.IsTransient);
        Assert.NotEmpty(refused.Message);
        Assert.DoesNotContain("the secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(SmtpReceiver.Password, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_is_not_held()
    {
        await using var scene = await StartAsync(Receiver.Silent);
        using var leaving = new CancellationTokenSource();
        var sending = scene.Delivery.DeliverAsync(Letter(scene.To), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    internal static NoticeLetter Letter(string to, string name = "Robin Jansen", string customer = "Bakkerij Jansen", NoticeKind kind = NoticeKind.FoundUnprotected)
    {
        var notice = new Notice(Guid.CreateVersion7(Noon), kind, "unprotected/1", Noon, Noon, kind == NoticeKind.FoundUnprotected ? null : new("de toestemming is ingetrokken", "consent was withdrawn"))
            .With([new("mailbox-1", ResourceKind.Mailbox, "Grüße 日本", "new@jansen.example")]);
        var (nl, en) = (NoticeText.Of(notice, NoticeLanguage.Nl, customer, ContractCalendar.Amsterdam), NoticeText.Of(notice, NoticeLanguage.En, customer, ContractCalendar.Amsterdam));
        return new NoticeLetter(notice, new TenantId(Guid.Empty), customer, to, name, "the secret", nl, nl, en);
    }

    private protected abstract Task<DeliveryScene> StartAsync(Receiver receiver);

    /// <summary>A way out, and a receiver at its end.</summary>
    private protected abstract class DeliveryScene : IAsyncDisposable
    {
        public abstract INoticeDelivery Delivery { get; }

        public abstract string To { get; }

        public abstract IReadOnlyList<(string Id, string Text)> Received();

        public abstract ValueTask DisposeAsync();
    }
}
