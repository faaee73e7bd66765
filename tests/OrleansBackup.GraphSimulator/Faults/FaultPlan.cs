using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;

namespace OrleansBackup.GraphSimulator.Faults;

/// <summary>The trouble on order. Seeded, so a failing test can be played again; a test ends by asking <see cref="AllPlayed"/>.</summary>
public sealed class FaultPlan
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly List<Order> _orders = [];
    private volatile bool _isEmpty = true;

    /// <summary>Called with each fault of a request as it is played: what a test lets happen in the middle of somebody's work.</summary>
    public Action<Fault>? Playing { get; set; }

    /// <summary>Every order was played: as often as it has a count, or once.</summary>
    public bool AllPlayed
    {
        get
        {
            lock (_lock)
                return _orders.TrueForAll(order => order.Played >= (order.Fault.Count ?? 1));
        }
    }

    /// <summary>The orders and how often each was played.</summary>
    public IReadOnlyList<PlayedFault> View()
    {
        lock (_lock)
            return [.. _orders.Select((order, index) => new PlayedFault(index + 1, order.Fault, order.Played, order.Played >= (order.Fault.Count ?? 1)))];
    }

    /// <exception cref="ArgumentException">The path is no regular expression, or the kind needs an item id.</exception>
    public void Add(Fault fault)
    {
        var order = new Order(fault);
        lock (_lock)
        {
            _orders.Add(order);
            _isEmpty = false;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _orders.Clear();
            _isEmpty = true;
        }
    }

    /// <summary>The fault to play on a request; the first that matches.</summary>
    internal Fault? Next(GraphRequest request, string? mailbox)
    {
        if (_isEmpty)
            return null;
        Fault? fault;
        lock (_lock)
            fault = _orders.Find(order => order.Item is null && order.Matches(request, mailbox) && order.Draw())?.Fault;
        if (fault is not null)
            Playing?.Invoke(fault);
        return fault;
    }

    /// <summary>Is this message ordered broken? Counts as played.</summary>
    internal bool IsBroken(Guid mailbox, long number, long mutableNumber) => Play(FaultKind.BrokenItem, mailbox, number, mutableNumber, attachment: null);

    /// <summary>Is this item ordered not to be exported? Counts as played.</summary>
    internal bool IsUnexportable(Guid mailbox, long number, long mutableNumber) => Play(FaultKind.UnexportableItem, mailbox, number, mutableNumber, attachment: null);

    /// <summary>Is this attachment ordered never to open? Counts as played.</summary>
    internal bool IsAttachmentBroken(Guid mailbox, long number, long mutableNumber, int attachment) =>
        Play(FaultKind.BrokenAttachment, mailbox, number, mutableNumber, attachment);

    private bool Play(FaultKind kind, Guid mailbox, long number, long mutableNumber, int? attachment)
    {
        if (_isEmpty)
            return false;
        lock (_lock)
        {
            return _orders.Exists(order => order.Fault.Kind == kind && order.Item is { } item && item.Mailbox == mailbox
                && item.Number == (item.Kind == ExchangeIdKind.Message ? mutableNumber : number)
                && (order.Attachment is null || order.Attachment == attachment) && order.Draw());
        }
    }

    private sealed class Order
    {
        private readonly Regex? _path;
        private SeededRandom _random;
        private int _matched;

        public Order(Fault fault)
        {
            Fault = fault;
            _random = new SeededRandom(fault.Seed);
            _path = fault.Path is null ? null : new Regex(fault.Path, RegexOptions.IgnoreCase, MatchTimeout);
            if (fault.ItemId is not null)
                Item = ExchangeId.TryParse(fault.ItemId, out var item) ? item : throw new ArgumentException("The item id is not an id of this service.", nameof(fault));
            else if (fault.Kind is FaultKind.BrokenItem or FaultKind.UnexportableItem or FaultKind.BrokenAttachment)
                throw new ArgumentException("This kind of fault needs an item id.", nameof(fault));
            if (fault.AttachmentId is not null)
                Attachment = ExchangeId.TryParse(fault.AttachmentId, out var attachment) ? attachment.Value.Attachment : throw new ArgumentException("The attachment id is not an id of this service.", nameof(fault));
        }

        public Fault Fault { get; }
        public ExchangeId? Item { get; }
        public int? Attachment { get; }
        public int Played { get; private set; }

        public bool Matches(GraphRequest request, string? mailbox) =>
            (Fault.Method is null || Fault.Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
            && (Fault.Tenant is null || Fault.Tenant.Equals(request.Tenant.Id.ToString(), StringComparison.OrdinalIgnoreCase))
            && (Fault.Mailbox is null || Fault.Mailbox.Equals(mailbox, StringComparison.OrdinalIgnoreCase))
            && _path?.IsMatch(request.RawPath + request.QueryString) != false
            && (Fault.Kind != FaultKind.TokenDeath || request.Option("$deltatoken") is not null || request.Option("$skiptoken") is not null || request.Option("token") is not null);

        public bool Draw()
        {
            if (Fault.Count is { } count && Played >= count)
                return false;
            if (_matched++ < Fault.Skip || !_random.Chance(Fault.Probability))
                return false;
            Played++;
            return true;
        }
    }
}
