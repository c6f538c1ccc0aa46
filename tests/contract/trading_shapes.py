"""The shape of Trading calls and answers; eBay has no OpenAPI document for them.

Source: the call reference of the Trading API, in the part that this project uses.
Shapes are nested dictionaries: a dictionary is an element with children, a list an
element that repeats, a word the form of a text (a key of TEXTS, or a pattern).
"""

from __future__ import annotations

from typing import Any

TEXTS = {
    "text": r"(?s).*",
    "word": r"[A-Za-z0-9_]+",
    "bool": r"true|false",
    "int": r"-?\d+",
    "id": r"\d{1,19}",
    "amount": r"\d+(\.\d+)?",
    "number": r"-?\d+(\.\d+)?",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z",
    "locale": r"[a-z]{2}_[A-Z]{2}",
    "period": r"P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?",
    "url": r"https?://\S+",
}
#: Elements of an amount carry a currency, those of a measure a unit.
CURRENCY = {"amount"}

PAGINATION = {"EntriesPerPage": "int", "PageNumber": "int"}
STANDARD = {
    "ErrorLanguage": "locale",
    "WarningLevel": "word",
    "MessageID": "text",
    "Version": "int",
    "DetailLevel": "word",
    "OutputSelector": ["text"],
}
REQUESTS: dict[str, dict[str, Any]] = {
    "GetMyeBaySelling": {
        "ActiveList": {
            "Include": "bool",
            "ListingType": "word",
            "Pagination": PAGINATION,
        },
        "HideVariations": "bool",
    },
    "GetSellerList": {
        "StartTimeFrom": "time",
        "StartTimeTo": "time",
        "EndTimeFrom": "time",
        "EndTimeTo": "time",
        "GranularityLevel": "word",
        "IncludeVariations": "bool",
        "Pagination": PAGINATION,
    },
    "GetItem": {
        "ItemID": "id",
        "SKU": "text",
        "IncludeItemSpecifics": "bool",
    },
    "GetSellerEvents": {
        "ModTimeFrom": "time",
        "ModTimeTo": "time",
        "IncludeVariationSpecifics": "bool",
        "HideVariations": "bool",
    },
    "ReviseInventoryStatus": {
        "InventoryStatus": [
            {"ItemID": "id", "SKU": "text", "StartPrice": "amount", "Quantity": "int"}
        ],
    },
    "EndFixedPriceItem": {"ItemID": "id", "EndingReason": "word"},
    "GetOrders": {
        "CreateTimeFrom": "time",
        "CreateTimeTo": "time",
        "OrderRole": "word",
        "OrderStatus": "word",
        "Pagination": PAGINATION,
    },
    "GetUserPreferences": {"ShowOutOfStockControlPreference": "bool"},
    "CompleteSale": {
        "OrderID": "text",
        "Shipped": "bool",
        "Shipment": {
            "ShippedTime": "time",
            "ShipmentTrackingDetails": [
                {"ShipmentTrackingNumber": "text", "ShippingCarrierUsed": "text"}
            ],
        },
    },
    "GeteBayDetails": {"DetailName": ["word"]},
}

SPECIFICS = {"NameValueList": [{"Name": "text", "Value": ["text"], "Source": "word"}]}
SELLING_STATUS = {
    "BidCount": "int",
    "CurrentPrice": "amount",
    "ConvertedCurrentPrice": "amount",
    "QuantitySold": "int",
    "ListingStatus": "word",
    "QuantitySoldByPickupInStore": "int",
}
VARIATION = {
    "SKU": "text",
    "StartPrice": "amount",
    "Quantity": "int",
    "VariationTitle": "text",
    "VariationSpecifics": SPECIFICS,
    "SellingStatus": SELLING_STATUS,
    "VariationProductListingDetails": {
        "EAN": "text",
        "UPC": "text",
        "ISBN": "text",
    },
}
SHIPPING_OPTION = {
    "ShippingService": "word",
    "ShippingServiceCost": "amount",
    "ShippingServiceAdditionalCost": "amount",
    "ShippingServicePriority": "int",
    "FreeShipping": "bool",
    "ExpeditedService": "bool",
    "ShippingTimeMin": "int",
    "ShippingTimeMax": "int",
}
ITEM: dict[str, Any] = {
    "ItemID": "id",
    "SKU": "text",
    "Title": "text",
    "SubTitle": "text",
    "Description": "text",
    "Site": "word",
    "Country": "word",
    "Currency": "word",
    "Location": "text",
    "PostalCode": "text",
    "ListingType": "word",
    "ListingDuration": "word",
    "ConditionID": "int",
    "ConditionDisplayName": "text",
    "ConditionDescription": "text",
    "Quantity": "int",
    "QuantityAvailable": "int",
    "BuyItNowPrice": "amount",
    "StartPrice": "amount",
    "TimeLeft": "period",
    "WatchCount": "int",
    "DispatchTimeMax": "int",
    "OutOfStockControl": "bool",
    "BestOfferEnabled": "bool",
    "PrimaryCategory": {"CategoryID": "id", "CategoryName": "text"},
    "SecondaryCategory": {"CategoryID": "id", "CategoryName": "text"},
    "Storefront": {"StoreCategoryID": "id", "StoreCategory2ID": "id"},
    "ListingDetails": {
        "StartTime": "time",
        "EndTime": "time",
        "ViewItemURL": "url",
        "ViewItemURLForNaturalSearch": "url",
        "ConvertedStartPrice": "amount",
        "RelistedItemID": "id",
        "EndingReason": "word",
    },
    "SellingStatus": SELLING_STATUS,
    "PictureDetails": {"GalleryURL": "url", "PictureURL": ["url"]},
    "ItemSpecifics": SPECIFICS,
    "ProductListingDetails": {
        "EAN": "text",
        "UPC": "text",
        "ISBN": "text",
        "BrandMPN": {"Brand": "text", "MPN": "text"},
    },
    "Variations": {
        "Variation": [VARIATION],
        "Pictures": [
            {
                "VariationSpecificName": "text",
                "VariationSpecificPictureSet": [
                    {"VariationSpecificValue": "text", "PictureURL": ["url"]}
                ],
            }
        ],
        "VariationSpecificsSet": SPECIFICS,
    },
    "SellerProfiles": {
        "SellerShippingProfile": {
            "ShippingProfileID": "id",
            "ShippingProfileName": "text",
        },
        "SellerReturnProfile": {"ReturnProfileID": "id", "ReturnProfileName": "text"},
        "SellerPaymentProfile": {
            "PaymentProfileID": "id",
            "PaymentProfileName": "text",
        },
    },
    "ShippingDetails": {
        "ShippingType": "word",
        "GlobalShipping": "bool",
        "ShippingServiceOptions": [SHIPPING_OPTION],
        "InternationalShippingServiceOption": [
            {**SHIPPING_OPTION, "ShipToLocation": ["word"]}
        ],
    },
    "ShippingPackageDetails": {
        "WeightMajor": "number",
        "WeightMinor": "number",
        "ShippingPackage": "word",
    },
    "ShipToLocations": ["word"],
    "ReturnPolicy": {
        "ReturnsAcceptedOption": "word",
        "ReturnsWithinOption": "word",
        "RefundOption": "word",
        "ShippingCostPaidByOption": "word",
    },
    "Seller": {"UserID": "text", "UserIDLastChanged": "time", "Email": "text"},
    "VATDetails": {"VATPercent": "number"},
    "ReviseStatus": {"ItemRevised": "bool"},
}
PAGES = {"TotalNumberOfPages": "int", "TotalNumberOfEntries": "int"}
ERRORS = {
    "ShortMessage": "text",
    "LongMessage": "text",
    "ErrorCode": "int",
    "UserDisplayHint": "bool",
    "SeverityCode": "Error|Warning",
    "ErrorParameters": [{"Value": "text"}],
    "ErrorClassification": "RequestError|SystemError",
}
FRAME = {
    "Timestamp": "time",
    "Ack": "Success|Warning|Failure|PartialFailure",
    "CorrelationID": "text",
    "Version": "int",
    "Build": "text",
    "Errors": [ERRORS],
}
ANSWERS: dict[str, dict[str, Any]] = {
    "GetMyeBaySelling": {
        "ActiveList": {"ItemArray": {"Item": [ITEM]}, "PaginationResult": PAGES},
    },
    "GetSellerList": {
        "PaginationResult": PAGES,
        "HasMoreItems": "bool",
        "ItemArray": {"Item": [ITEM]},
        "ItemsPerPage": "int",
        "PageNumber": "int",
        "ReturnedItemCountActual": "int",
        "Seller": ITEM["Seller"],
    },
    "GetItem": {"Item": ITEM},
    "GetSellerEvents": {"TimeTo": "time", "ItemArray": {"Item": [ITEM]}},
    "ReviseInventoryStatus": {
        "InventoryStatus": [
            {"ItemID": "id", "SKU": "text", "StartPrice": "amount", "Quantity": "int"}
        ],
        "Fees": [
            {
                "ItemID": "id",
                "Fee": [
                    {"Name": "word", "Fee": "amount", "PromotionalDiscount": "amount"}
                ],
            }
        ],
    },
    "EndFixedPriceItem": {"EndTime": "time"},
    "GetOrders": {
        "PaginationResult": {
            "TotalNumberOfPages": "int",
            "TotalNumberOfEntries": "int",
        },
        "HasMoreOrders": "bool",
        "OrderArray": {
            "Order": [{"OrderID": "text", "BuyerUserID": "text", "EIASToken": "text"}]
        },
        "OrdersPerPage": "int",
        "PageNumber": "int",
        "ReturnedOrderCountActual": "int",
    },
    "GetUserPreferences": {"OutOfStockControlPreference": "bool"},
    "CompleteSale": {},
    "GeteBayDetails": {
        "UpdateTime": "time",
        "ShippingCarrierDetails": [
            {
                "ShippingCarrierID": "int",
                "ShippingCarrier": "text",
                "Description": "text",
                "DetailVersion": "int",
                "UpdateTime": "time",
            }
        ],
        "ShippingServiceDetails": [
            {
                "ShippingService": "word",
                "ShippingServiceID": "int",
                "Description": "text",
                "ShippingCarrier": "text",
                "ShippingCategory": "word",
                "ServiceType": ["word"],
                "ShippingPackage": ["word"],
                "ShippingTimeMin": "int",
                "ShippingTimeMax": "int",
                "InternationalService": "bool",
                "ValidForSellingFlow": "bool",
                "DimensionsRequired": "bool",
                "WeightRequired": "bool",
                "DetailVersion": "int",
                "UpdateTime": "time",
            }
        ],
        "SiteDetails": [
            {
                "Site": "word",
                "SiteID": "int",
                "DetailVersion": "int",
                "UpdateTime": "time",
            }
        ],
        "ProductDetails": [
            {
                "ProductIdentifierUnavailableText": "text",
                "DetailVersion": "int",
                "UpdateTime": "time",
            }
        ],
    },
}

#: What result files of the Feed API hold, in `BulkDataExchangeResponses`.
_REPORT_UNIT = {"SKU": "text", "Price": "amount", "Quantity": "int"}
REPORT_FILE = {
    "ActiveInventoryReport": {
        "Ack": "word",
        "SKUDetails": [
            {
                **_REPORT_UNIT,
                "ItemID": "id",
                "BidCount": "int",
                "Variations": {
                    "Variation": [{**_REPORT_UNIT, "VariationSpecifics": SPECIFICS}]
                },
            }
        ],
    },
}
RESULT_FILE = {
    "ReviseInventoryStatusResponse": [
        {**FRAME, **ANSWERS["ReviseInventoryStatus"], "CorrelationID": "int"}
    ],
}
